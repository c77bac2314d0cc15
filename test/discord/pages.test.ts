import { describe, expect, test } from '@jest/globals';
import { ComponentType } from 'discord.js';
import type { Row } from '../../src/discord/framework/reply.ts';
import {
  decodePosition,
  encodePosition,
  firstPage,
  pageRow,
  type Position,
} from '../../src/discord/framework/pages.ts';

const context = {
  customId: (handler: string, state: readonly (string | number)[] = []) => [handler, ...state].join(' '),
};
const rowsAt = (position: Position, nextBeforeId: number | null) =>
  pageRow(context, { position, nextBeforeId, handler: 'list', filters: ['vault'] });

/** Presses a button: where it leads, or null where it is greyed. */
function press([row]: readonly Row[], label: string): Position | null {
  const button = row?.components.find((one) => 'label' in one && one.label.includes(label));
  if (button?.type !== ComponentType.Button || !('custom_id' in button) || button.disabled) return null;
  return decodePosition(button.custom_id.split(' ')[1]);
}

describe('pages', () => {
  test('one page has no buttons', () => {
    expect(rowsAt(firstPage, null)).toEqual([]);
  });

  test('older and newer lead forth and back', () => {
    const second = press(rowsAt(firstPage, 90), 'Older')!;
    const third = press(rowsAt(second, 80), 'Older')!;
    expect([second.beforeId, third.beforeId]).toEqual([90, 80]);
    expect(press(rowsAt(third, null), 'Newer')).toEqual(second);
    expect(press(rowsAt(second, 80), 'Newer')).toEqual(firstPage);
    expect(press(rowsAt(third, null), 'Newest')).toEqual(firstPage);
  });

  test('the ends are greyed', () => {
    expect(press(rowsAt(firstPage, 90), 'Newer')).toBeNull();
    expect(press(rowsAt({ beforeId: 90, history: [] }, null), 'Older')).toBeNull();
  });

  test('far down the way back is cut, not the page', () => {
    let position = firstPage;
    for (let page = 1; page < 50; page += 1) position = press(rowsAt(position, 1_000_000 - page), 'Older')!;
    expect(position.beforeId).toBe(999_951);
    expect(encodePosition(position).length).toBeLessThan(20);
  });

  test('all buttons of a page differ, as Discord asks', () => {
    const [row] = rowsAt({ beforeId: 90, history: [] }, 80);
    const ids = row!.components.map((one) => ('custom_id' in one ? one.custom_id : ''));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each([undefined, '', '!', 'x.y.-'])('a position that is none is the first page: %j', (text) => {
    expect(decodePosition(text).beforeId === null || Number.isSafeInteger(decodePosition(text).beforeId)).toBe(true);
  });
});
