import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { createGuard } from '../../../src/http/guard.ts';
import { createRateLimit } from '../../../src/http/rate-limit.ts';

const megabyte = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('guard and rate limit take no more memory than they say, and give it back after a flood', () => {
  const clock = { at: Date.UTC(2030, 0, 1) };
  const now = () => new Date(clock.at);
  const before = heapBytes();
  const guard = createGuard({ failures: 20, windowMinutes: 10, blockMinutes: 10, now, onBlock: () => undefined });
  const rateLimit = createRateLimit({ now });
  for (let index = 0; index < 100_000; index += 1) {
    const client = ['203', index >> 16, (index >> 8) & 255, index & 255].join('.');
    rateLimit.take('tki', client, 100);
    guard.countUnknown(client, 'key one', 1);
    if (index % 4 === 0) guard.rememberGrant(client, index);
  }
  const taken = heapBytes() - before;
  expect(guard.bytes + rateLimit.bytes).toBeLessThan(44 * megabyte);
  expect(taken).toBeLessThan(1.3 * (guard.bytes + rateLimit.bytes));

  for (let days = 0; days < 2; days += 1) {
    clock.at += 24 * 60 * 60_000;
    guard.sweep();
    rateLimit.sweep();
  }
  expect(heapBytes() - before).toBeLessThan(2 * megabyte);
});
