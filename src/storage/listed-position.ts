import { statesOf } from './listed-states.ts';
import type { LicenseQuery } from './port/licenses.ts';
import type { Page } from './port/page.ts';

/** The ids of licenses that are expired or active other than the index by state says. */
export interface MisfiledEnds {
  /** They have ended, which was not processed yet. */
  readonly late: readonly number[];
  /** Their end is to come, and was processed already. */
  readonly early: readonly number[];
}

/** How a list differs from the index that it is counted in. Both are ids, in any order. */
export interface ListExceptions {
  /** Entries of the index that the list does not have; as often as the index has them. */
  readonly omitted: readonly number[];
  /** What the list has besides. */
  readonly added: readonly number[];
}

/**
 * The id at `position` of a list in descending order, 1 being the first; null: the list is shorter. `readIds` reads the
 * entries of an index in descending order, after it has passed over `skip` of them. With few exceptions it reads hardly
 * more than one entry, wherever they are in the list.
 */
export async function findIdAt(
  position: number,
  { omitted, added }: ListExceptions,
  readIds: (skip: number, limit: number) => Promise<readonly number[]>,
): Promise<number | null> {
  // The exceptions move the position by at most as many entries as there are of them.
  const skip = Math.max(0, position - 1 - added.length);
  const ids = await readIds(skip, 1 + added.length + 2 * omitted.length);
  const [first] = ids;
  if (first === undefined && skip > 0) return null;
  const left = [...ids];
  for (const id of omitted) {
    const at = left.indexOf(id);
    if (at !== -1) left.splice(at, 1);
  }
  const omittedBefore = first === undefined ? 0 : omitted.filter((id) => id > first).length;
  const listed = [...left, ...added].sort((a, b) => b - a);
  return listed[position - 1 - (skip - omittedBefore)] ?? null;
}

/** How a list by state differs from the entries of the index that `entriesOf` names for its states. */
export function exceptionsOf(query: LicenseQuery, { late, early }: MisfiledEnds): ListExceptions {
  const states = statesOf(query);
  const [expired, running] = [states.includes('expired'), states.includes('active')];
  if (expired === running) return { omitted: [], added: [] };
  return expired ? { omitted: early, added: late } : { omitted: late, added: early };
}

/** How many licenses are read at a time where no index says which of them are listed. */
const licensesPerPage = 10_000;

/** The id at a position of a list that is read page by page, so that no more than one page of ids is held. */
export async function searchIdAt(
  position: number,
  readIds: (page: Page) => Promise<readonly number[]>,
): Promise<number | null> {
  let beforeId: number | null = null;
  for (let left = position; left > 0; left -= licensesPerPage) {
    const limit = Math.min(left, licensesPerPage);
    const ids: readonly number[] = await readIds({ limit, beforeId });
    if (ids.length < limit) return null;
    beforeId = ids.at(-1) ?? null;
  }
  return beforeId;
}
