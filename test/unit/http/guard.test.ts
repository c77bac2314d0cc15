import { describe, expect, test } from '@jest/globals';
import { createGuard } from '../../../src/http/guard.ts';

const minuteMs = 60_000;
const ip = '203.0.113.1';

function setUp(failures = 20, maxBytes?: number) {
  const clock = { at: Date.UTC(2030, 0, 1) };
  const blocked: string[] = [];
  const guard = createGuard({
    failures,
    windowMinutes: 10,
    blockMinutes: 10,
    now: () => new Date(clock.at),
    onBlock: (client) => blocked.push(client),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  const fail = (count: number, client = ip, word = 'key') => {
    for (let index = 0; index < count; index += 1) guard.countUnknown(client, `${word} ${index}`, 1);
  };
  return { clock, guard, blocked, fail };
}

describe('what makes an address guarded', () => {
  test('20 distinct unknown values do not, one more does, and it is reported once', () => {
    const { guard, blocked, fail } = setUp();
    fail(20);
    expect(guard.guardedForMs(ip)).toBe(0);
    fail(21);
    expect(guard.guardedForMs(ip)).toBe(10 * minuteMs);
    fail(40);
    expect(blocked).toEqual([ip]);
  });

  test('one typo in a retry loop counts once', () => {
    const { guard } = setUp();
    for (let index = 0; index < 10_000; index += 1) guard.countUnknown(ip, 'key same', 1);
    expect(guard.guardedForMs(ip)).toBe(0);
  });

  test('values of every kind add up', () => {
    const { guard, fail } = setUp();
    fail(11, ip, 'key');
    fail(10, ip, 'api-key');
    expect(guard.guardedForMs(ip)).toBeGreaterThan(0);
  });

  test('values older than the window no longer count', () => {
    const { clock, guard, fail } = setUp();
    fail(20);
    clock.at += 10 * minuteMs;
    fail(20, ip, 'other');
    expect(guard.guardedForMs(ip)).toBe(0);
  });

  test('each address is counted apart', () => {
    const { guard, fail } = setUp();
    fail(21);
    expect(guard.guardedForMs('203.0.113.2')).toBe(0);
  });

  test('an address that customers share may send as many times as much', () => {
    const { guard } = setUp(20);
    for (let index = 0; index < 200; index += 1) guard.countUnknown(ip, `key ${index}`, 10);
    expect(guard.guardedForMs(ip)).toBe(0);
    guard.countUnknown(ip, 'key 200', 10);
    expect(guard.guardedForMs(ip)).toBeGreaterThan(0);
  });

  test('a limit of 0 guards no address and remembers no unknown values', () => {
    const { guard, fail } = setUp(0);
    fail(1_000);
    expect(guard.guardedForMs(ip)).toBe(0);
    expect(guard.size).toBe(0);
  });

  test('grants are remembered also where no address is guarded, because the rate limit asks for them', () => {
    const { guard } = setUp(0);
    guard.rememberGrant(ip, 7);
    expect(guard.wasGranted(ip, 7)).toBe(true);
  });
});

test('being guarded ends after the block, and further failures do not prolong it', () => {
  const { clock, guard, fail } = setUp();
  fail(21);
  clock.at += 9 * minuteMs;
  fail(21, ip, 'late');
  expect(guard.guardedForMs(ip)).toBe(minuteMs);
  clock.at += minuteMs;
  expect(guard.guardedForMs(ip)).toBe(0);
});

test('a grant is remembered for its license and address for 24 hours', () => {
  const { clock, guard } = setUp();
  guard.rememberGrant(ip, 7);
  clock.at += 24 * 60 * minuteMs - 1;
  expect(guard.wasGranted(ip, 7)).toBe(true);
  expect(guard.wasGranted(ip, 8)).toBe(false);
  expect(guard.wasGranted('203.0.113.2', 7)).toBe(false);
  clock.at += 1;
  expect(guard.wasGranted(ip, 7)).toBe(false);
});

test('a flood of addresses stays within the bound and frees no guarded one', () => {
  const { guard, fail } = setUp(20, 100_000);
  fail(21);
  for (let index = 0; index < 100_000; index += 1) guard.countUnknown(String(index), 'key', 1);
  expect(guard.bytes).toBeLessThanOrEqual(2 * 100_000);
  expect(guard.size).toBeGreaterThan(300);
  expect(guard.guardedForMs(ip)).toBeGreaterThan(0);
});

describe('when the clock is set back', () => {
  const hourMs = 60 * minuteMs;

  test('no address stays guarded for longer than a block, and guessing is noticed as before', () => {
    const { clock, guard, fail } = setUp();
    fail(21);
    clock.at -= hourMs;
    expect(guard.guardedForMs(ip)).toBe(0);
    fail(21, ip, 'again');
    expect(guard.guardedForMs(ip)).toBe(10 * minuteMs);
  });

  test('values that were unknown before do not count for ever', () => {
    const { clock, guard, fail } = setUp();
    fail(20);
    clock.at -= hourMs;
    fail(20, ip, 'other');
    expect(guard.guardedForMs(ip)).toBe(0);
  });

  test('a grant is not remembered for longer than 24 hours', () => {
    const { clock, guard } = setUp();
    guard.rememberGrant(ip, 7);
    clock.at -= 23 * hourMs;
    expect(guard.wasGranted(ip, 7)).toBe(true);
    clock.at -= 2 * hourMs;
    expect(guard.wasGranted(ip, 7)).toBe(false);
  });
});

test('memory is given back when nothing counts any more, without a further request', () => {
  const { clock, guard, fail } = setUp();
  fail(5);
  fail(21, '203.0.113.2');
  guard.sweep();
  expect(guard.size).toBe(2);
  for (let minutes = 0; minutes < 20; minutes += 10) {
    clock.at += 10 * minuteMs;
    guard.sweep();
  }
  expect(guard.size).toBe(0);
  expect(guard.bytes).toBe(0);
});
