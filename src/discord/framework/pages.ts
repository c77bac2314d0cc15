import { button, row } from './components.ts';
import type { Row } from './reply.ts';
import type { CommandContext } from './command-context.ts';

/** Where a list stands: the `beforeId` of this page, and of those one came through (at most 3, newest last). */
export interface Position {
  readonly beforeId: number | null;
  readonly history: readonly number[];
}

export const firstPage: Position = { beforeId: null, history: [] };
const maxHistoryLength = 3;

/** The position as one part of a custom id's state. */
export function encodePosition({ beforeId, history }: Position): string {
  return [...history, ...(beforeId === null ? [] : [beforeId])].map((id) => id.toString(36)).join('.');
}

/** Never throws: what was not made by `encodePosition` is the first page. */
export function decodePosition(text: string | undefined): Position {
  const ids = (text ?? '')
    .split('.')
    .filter(Boolean)
    .map((part) => Number.parseInt(part, 36));
  if (!ids.every(Number.isSafeInteger)) return firstPage;
  return { beforeId: ids.at(-1) ?? null, history: ids.slice(0, -1) };
}

/** One page of a list that is in memory whole, newest (largest id) first. */
export function cutPage<T>(
  all: readonly T[],
  idOf: (item: T) => number,
  { beforeId }: Position,
  perPage: number,
): { readonly shown: readonly T[]; readonly nextBeforeId: number | null } {
  const rest = all.filter((item) => beforeId === null || idOf(item) < beforeId).sort((a, b) => idOf(b) - idOf(a));
  const shown = rest.slice(0, perPage);
  const last = shown.at(-1);
  return { shown, nextBeforeId: rest.length > perPage && last !== undefined ? idOf(last) : null };
}

export interface PageOf {
  readonly position: Position;
  /** Of the last row shown, where older rows exist; ask the store for one row more than you show. */
  readonly nextBeforeId: number | null;
  /** Shows a page, with `reply: 'update'`; its state is the position, then `filters`. */
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
  // The word before makes the ids differ where two buttons lead to the same page.
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
