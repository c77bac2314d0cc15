import { expect, test } from '@jest/globals';
import { watchClockSteps } from '../../src/jobs/clock-steps.ts';

function createWorld() {
  let [wall, elapsed, steps] = [Date.UTC(2026, 2, 1), 1_000, 0];
  let look = (): void => undefined;
  watchClockSteps(() => (steps += 1), {
    wallMs: () => wall,
    elapsedMs: () => elapsed,
    startInterval: (_, onTick) => {
      look = onTick;
      return { stop: () => undefined };
    },
  });
  /** So much time passes, in which the clock is also set. */
  return (passedMs: number, setMs = 0): number => {
    elapsed += passedMs;
    wall += passedMs + setMs;
    look();
    return steps;
  };
}

test.each([31_000, -31_000, 2 * 3_600_000, -200 * 86_400_000])('a clock that is set by %i ms is noticed once', (ms) => {
  const pass = createWorld();
  expect(pass(1_000)).toBe(0);
  expect(pass(1_000, ms)).toBe(1);
  expect(pass(1_000)).toBe(1);
  expect(pass(1_000, -ms)).toBe(2);
});

test('a machine that is busy for long, and corrections of a second, are no steps', () => {
  const pass = createWorld();
  expect(pass(3_600_000)).toBe(0);
  for (let count = 0; count < 100; count += 1) expect(pass(1_000, 1_000)).toBe(0);
});
