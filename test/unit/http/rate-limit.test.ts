import { expect, test } from '@jest/globals';
import { createRateLimit } from '../../../src/http/rate-limit.ts';

function limitAt(start: number, maxBytes?: number) {
  const clock = { at: start };
  const now = () => new Date(clock.at);
  return { clock, limit: createRateLimit(maxBytes === undefined ? { now } : { now, maxBytes }) };
}

test('the window is 60 s from the first request, and rejected requests count without extending it', () => {
  const { clock, limit } = limitAt(1_000);
  const take = () => limit.take('tki', '203.0.113.1', 2)?.waitMs ?? null;
  expect([take(), take()]).toEqual([null, null]);
  clock.at += 20_000;
  expect([take(), take()]).toEqual([40_000, 40_000]);
  clock.at += 39_999;
  expect(take()).toBe(1);
  clock.at += 1;
  expect([take(), take(), take()]).toEqual([null, null, 60_000]);
});

test('the second limit is ten times as high', () => {
  const { limit } = limitAt(0);
  const taken = Array.from({ length: 22 }, () => limit.take('tki', '203.0.113.1', 2));
  expect(taken.map((excess) => excess?.isFar ?? null)).toEqual([
    ...Array<null>(2).fill(null),
    ...Array<boolean>(18).fill(false),
    true,
    true,
  ]);
  expect(limit.peek('tki', '203.0.113.1', 2)).toMatchObject({ isFar: true });
});

test('each address and each counter has a window of its own', () => {
  const { limit } = limitAt(0);
  expect(limit.take('tki', '203.0.113.1', 1)).toBeNull();
  expect(limit.take('tki', '203.0.113.2', 1)).toBeNull();
  expect(limit.take('faxstore', '203.0.113.1', 1)).toBeNull();
  expect(limit.take('tki', '203.0.113.1', 1)).toEqual({ waitMs: 60_000, isFar: false });
});

test('a limit of 0 is none and holds nothing in memory', () => {
  const { limit } = limitAt(0);
  for (let index = 0; index < 1_000; index += 1) expect(limit.take('tki', '203.0.113.1', 0)).toBeNull();
  expect(limit.size).toBe(0);
});

test('peeking counts nothing and returns what the next request would get', () => {
  const { limit } = limitAt(0);
  expect(limit.peek('tki', 'a', 1)).toBeNull();
  expect(limit.take('tki', 'a', 1)).toBeNull();
  expect(limit.peek('tki', 'a', 1)).toEqual({ waitMs: 60_000, isFar: false });
});

test('a clock that steps back locks no client out for longer than a window', () => {
  const { clock, limit } = limitAt(10_000_000);
  limit.take('tki', 'a', 1);
  limit.take('tki', 'a', 1);
  clock.at -= 3_600_000;
  expect(limit.take('tki', 'a', 1)).toBeNull();
});

test('addresses without end need no more memory than the bound, and those that go on asking stay', () => {
  const { limit } = limitAt(0, 100_000);
  limit.take('tki', 'regular', 1);
  for (let index = 0; index < 100_000; index += 1) {
    limit.take('tki', String(index), 100);
    if (index % 50 === 0) expect(limit.peek('tki', 'regular', 1)).toEqual({ waitMs: 60_000, isFar: false });
  }
  expect(limit.bytes).toBeLessThanOrEqual(100_000);
  expect(limit.size).toBeGreaterThan(250);
});

test('the memory of windows that have ended is given back without a further request', () => {
  const { clock, limit } = limitAt(0);
  limit.take('tki', 'a', 1);
  for (let minutes = 0; minutes < 2; minutes += 1) {
    clock.at += 60_000;
    limit.sweep();
  }
  expect(limit.size).toBe(0);
  expect(limit.bytes).toBe(0);
});
