import { setTimeout as wait } from 'node:timers/promises';
import { StoreUnavailableError } from '../port/errors.ts';
import type { MongoStore } from './connection.ts';

/** Somebody else changed the document between the read and the write. */
export const conflict = Symbol('conflict');

const maxPauseMs = 64;

/**
 * Reads, decides and writes again until nobody was faster; gives up, having changed nothing, when patience ends. Who lost
 * pauses, longer each time and by chance, so that many who want the same do not keep each other from it.
 */
export async function retryOnConflict<T>(
  store: Pick<MongoStore, 'changeTimeoutMs' | 'random'>,
  attempt: () => Promise<T | typeof conflict>,
): Promise<T> {
  const deadline = performance.now() + store.changeTimeoutMs;
  for (let losses = 0; ; losses += 1) {
    const result = await attempt();
    if (result !== conflict) return result;
    if (performance.now() > deadline) throw new StoreUnavailableError('Others change the same thing all the time.');
    const pauseMs = Math.min(2 ** losses, maxPauseMs);
    await wait((store.random(1).readUInt8() / 256) * pauseMs);
  }
}
