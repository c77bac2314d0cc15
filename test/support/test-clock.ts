/** A clock that moves only when `advance` is called. */
export interface TestClock {
  readonly now: () => Date;
  advance(ms: number): void;
}

export function createTestClock(start = '2026-03-01T12:00:00.000Z'): TestClock {
  let ms = Date.parse(start);
  return {
    now: () => new Date(ms),
    advance: (by) => {
      ms += by;
    },
  };
}
