import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { createSavedStates } from '../../src/discord/framework/saved-states.ts';
import { openMemoryStorage } from '../support/memory-storage.ts';
import { createTestClock } from '../support/test-clock.ts';

const [me, others] = ['1', ['2', '3', '4', '5', '6', '7', '8', '9', '10']];

test('what one user saves is not overwritten by what others save, nor after a restart', async () => {
  const clock = createTestClock();
  const storage = openMemoryStorage(clock.now);
  const open = () => createSavedStates({ storage, clock: clock.now, randomBytes });
  const states = open();
  const first = await states.save(me, 'first');
  for (const other of others) await states.save(other, 'theirs');
  await states.save(me, 'second');
  await open().save(me, 'third');
  expect(await open().find(me, first, z.string())).toBe('first');
  await storage.close();
});

test('of nine states of one user the oldest is overwritten, and all are over after 15 minutes', async () => {
  const clock = createTestClock();
  const storage = openMemoryStorage(clock.now);
  const states = createSavedStates({ storage, clock: clock.now, randomBytes });
  const tokens: string[] = [];
  for (let number = 1; number <= 9; number += 1) {
    tokens.push(await states.save(me, number));
    clock.advance(1000);
  }
  const found = await Promise.all(tokens.map((token) => states.find(me, token, z.number())));
  expect(found).toEqual([null, 2, 3, 4, 5, 6, 7, 8, 9]);
  clock.advance(15 * 60_000);
  expect(await states.find(me, tokens.at(-1)!, z.number())).toBeNull();
  await storage.close();
});

test('a state of a clock that was ahead is over, and its place is taken first', async () => {
  const clock = createTestClock();
  const storage = openMemoryStorage(clock.now);
  const states = createSavedStates({ storage, clock: clock.now, randomBytes });
  clock.advance(200 * 86_400_000);
  const ahead = await states.save(me, 'ahead');
  clock.advance(-200 * 86_400_000);
  expect(await states.find(me, ahead, z.string())).toBeNull();
  const tokens: string[] = [];
  for (let number = 1; number <= 8; number += 1) tokens.push(await states.save(me, number));
  const found = await Promise.all(tokens.map((token) => states.find(me, token, z.number())));
  expect(found).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await storage.close();
});
