import { setImmediate } from 'node:timers/promises';

/** Waits until another part of the process has stored what `find` looks for. No test should depend on the 10 s. */
export async function untilStored<T>(find: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error('What was awaited has not been stored within 10 s.');
    await setImmediate();
  }
}
