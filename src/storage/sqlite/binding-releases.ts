import { setImmediate as pause } from 'node:timers/promises';
import type { Mark } from '../binding-releases.ts';
import type { SqliteStore } from './connection.ts';
import { rowsPerStep } from './steps.ts';

/** What is left of a mark to do; `after` null: nothing. */
export interface MarkRest {
  readonly mark: Mark;
  readonly after: string | null;
}

/** Inside `write`: all slots, of which a license has some thousand at most, and the first step of the seen values. */
export function beginMark(store: SqliteStore, mark: Mark): MarkRest {
  store
    .statement(
      `UPDATE slots SET forgotten_at = ?1
       WHERE license_id = ?2 AND kind = ?3 AND (?4 IS NULL OR value = ?4) AND forgotten_at IS ?5`,
    )
    .run(mark.to?.getTime() ?? null, mark.licenseId, mark.kind, mark.value, mark.from?.getTime() ?? null);
  return { mark, after: markSeenStep(store, mark, '') };
}

/**
 * Seen values may be a million on one license, so the rest of them is marked in steps after the commit. No check ever
 * reads them; what is used again meanwhile stays seen.
 */
export async function finishMark(store: SqliteStore, { mark, after }: MarkRest): Promise<void> {
  let position = after;
  while (position !== null) {
    await pause();
    const from = position;
    position = await store.write(() => markSeenStep(store, mark, from));
  }
}

/** The last value that the step reached; null: there are no more. */
function markSeenStep(store: SqliteStore, mark: Mark, after: string): string | null {
  const update = 'UPDATE seen SET forgotten_at = :to WHERE license_id = :id AND kind = :kind';
  const state = 'AND forgotten_at IS :from AND last_seen <= :at';
  const from = mark.from?.getTime() ?? null;
  const to = mark.to?.getTime() ?? null;
  const named = { id: mark.licenseId, kind: mark.kind, from, to, at: to ?? from };
  if (mark.value !== null) {
    store.statement(`${update} AND value = :value ${state}`).run({ ...named, value: mark.value });
    return null;
  }
  const step = 'SELECT value FROM seen WHERE license_id = ? AND kind = ? AND value > ? ORDER BY value LIMIT 1 OFFSET ?';
  const row = store.statement(step).get(mark.licenseId, mark.kind, after, rowsPerStep - 1);
  if (!row) {
    store.statement(`${update} AND value > :after ${state}`).run({ ...named, after });
    return null;
  }
  const last = row.value as string;
  store.statement(`${update} AND value > :after AND value <= :last ${state}`).run({ ...named, after, last });
  return last;
}
