import { expect, test } from '@jest/globals';
import type { ButtonInteraction } from 'discord.js';
import { encodeCustomId } from '../../src/discord/framework/custom-id.ts';
import { findHandler } from '../../src/discord/framework/find-task.ts';
import type { CommandTable } from '../../src/discord/framework/command-table.ts';

const sign = () => 'signature-of-16-';
const now = new Date('2026-03-01T12:00:00Z');
const handlers = new Map([['act', { run: () => Promise.resolve(undefined) }]]);

/** What a press of a button finds that is open until then. */
function press(until: Date | null) {
  const customId = encodeCustomId({ handler: 'act', userId: '7', until, state: [] }, sign);
  const interaction = { customId, user: { id: '7' }, message: null, isAnySelectMenu: () => false };
  const table = { handlers } as unknown as CommandTable;
  return findHandler(table, interaction as unknown as ButtonInteraction, { sign, now });
}

test.each([
  ['without an end', null, true],
  ['for a second more', new Date('2026-03-01T12:00:01Z'), true],
  ['for 15 minutes more', new Date('2026-03-01T12:15:00Z'), true],
  ['until now', now, false],
  ['until an instant of a clock that was 2 h ahead', new Date('2026-03-01T14:15:00Z'), false],
  ['until an instant of a clock that was 200 days ahead', new Date('2026-09-17T12:15:00Z'), false],
])('a button that is open %s: %s, works: %p', (_, until, works) => {
  expect('task' in press(until)).toBe(works);
});
