import { setTimeout as wait } from 'node:timers/promises';
import { StoreUnavailableError } from '../port/errors.ts';

/**
 * Returned by an attempt whose conditional write matched nothing: another process changed the document after the read.
 */
export const conflict = Symbol('conflict');

const maxWaitMs = 64;

/**
 * Repeats a read, decision and conditional write until the write matches. After each conflict it waits a random time
 * that doubles with every attempt (at most 64 ms), so that competing writers do not collide again. Rejects with
 * `StoreUnavailableError` when `changeTimeoutMs` has passed; the last attempt changed nothing then.
 */
export async function retryOnConflict<T>(
  store: { readonly changeTimeoutMs: number; readonly random: (bytes: number) => Buffer },
  attempt: () => Promise<T | typeof conflict>,
): Promise<T> {
  const deadline = performance.now() + store.changeTimeoutMs;
  for (let conflicts = 0; ; conflicts += 1) {
    const result = await attempt();
    if (result !== conflict) return result;
    if (performance.now() > deadline) {
      throw new StoreUnavailableError(
        'Other processes changed the same data again and again until this change timed out.',
      );
    }
    const waitMs = Math.min(2 ** conflicts, maxWaitMs);
    await wait((store.random(1).readUInt8() / 256) * waitMs);
  }
}
