/** Writes end within 2 s and clocks agree within 2 s: nothing can come to stand before what was stored that long ago. */
const settleMs = 5_000;

/** What was stored before it can no longer be overtaken. */
export function settledBefore(now: Date): Date {
  return new Date(now.getTime() - settleMs);
}

/** Of what is in order of its ids, all before the first that could still be overtaken. */
export function settledPart<T>(ordered: readonly T[], storedAt: (one: T) => Date, now: Date): readonly T[] {
  const before = settledBefore(now);
  const firstYoung = ordered.findIndex((one) => storedAt(one) > before);
  return firstYoung === -1 ? ordered : ordered.slice(0, firstYoung);
}
