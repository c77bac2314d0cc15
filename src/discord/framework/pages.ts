import { button, row } from './components.ts';
import type { Row } from './reply.ts';
import type { CommandContext } from './command-context.ts';

/** The page of a list: its `beforeId`, and those of the pages before it in `history` (at most 3, newest last). */
export interface Position {
  readonly beforeId: number | null;
  readonly history: readonly number[];
}

export const firstPage: Position = { beforeId: null, history: [] };
const maxHistoryLength = 3;

/** The position as text for the state of a custom id. */
export function encodePosition({ beforeId, history }: Position): string {
  return [...history, ...(beforeId === null ? [] : [beforeId])].map((id) => id.toString(36)).join('.');
}

/** Never throws: a text that `encodePosition` did not make is the first page. */
export function decodePosition(text: string | undefined): Position {
  const ids = (text ?? '')
    .split('.')
    .filter(Boolean)
    .map((part) => Number.parseInt(part, 36));
  if (!ids.every(Number.isSafeInteger)) return firstPage;
  return { beforeId: ids.at(-1) ?? null, history: ids.slice(0, -1) };
}

/** One page of a list that is in memory as a whole, newest (largest id) first. */
export function cutPage<T>(
  all: readonly T[],
  idOf: (item: T) => number,
  { beforeId }: Position,
  perPage: number,
): { readonly shown: readonly T[]; readonly nextBeforeId: number | null } {
  const remaining = all.filter((item) => beforeId === null || idOf(item) < beforeId).sort((a, b) => idOf(b) - idOf(a));
  const shown = remaining.slice(0, perPage);
  const last = shown.at(-1);
  return { shown, nextBeforeId: remaining.length > perPage && last !== undefined ? idOf(last) : null };
}

export interface PageOf {
  readonly position: Position;
  /** The id of the last row shown, where older rows exist: ask the store for one row more than you show. */
  readonly nextBeforeId: number | null;
  /** The handler that shows a page, with `reply: 'update'`; its state is the position, then `filters`. */
  readonly handler: string;
  readonly filters?: readonly (string | number)[];
}

/** The buttons under a list; none where there is one page. */
export function pageRow(
  context: Pick<CommandContext, 'customId'>,
  { position, nextBeforeId, handler, filters = [] }: PageOf,
): readonly Row[] {
  const { beforeId, history } = position;
  if (beforeId === null && nextBeforeId === null) return [];
  // Discord requires different custom ids, also where two buttons lead to the same page: the word makes them differ.
  const to = (word: string, target: Position) => context.customId(handler, [encodePosition(target), ...filters, word]);
  const back: Position = { beforeId: history.at(-1) ?? null, history: history.slice(0, -1) };
  const onward: Position = {
    beforeId: nextBeforeId,
    history: beforeId === null ? [] : [...history, beforeId].slice(-maxHistoryLength),
  };
  return [
    row(
      button(to('first', firstPage), '⏮ Newest', 'plain', beforeId === null),
      button(to('back', back), '◀ Newer', 'plain', beforeId === null),
      button(to('next', onward), 'Older ▶', 'plain', nextBeforeId === null),
    ),
  ];
}
