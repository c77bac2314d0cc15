import { StoreUnavailableError } from '../storage.ts';
import type { MongoStore } from './connection.ts';

/** Somebody else changed the document between the read and the write. */
export const lost = Symbol('lost');

/** Reads, decides and writes again until nobody was faster; gives up, having changed nothing, when patience ends. */
export async function untilWon<T>(store: MongoStore, attempt: () => Promise<T | typeof lost>): Promise<T> {
  const deadline = performance.now() + store.patienceMs;
  for (;;) {
    const result = await attempt();
    if (result !== lost) return result;
    if (performance.now() > deadline) throw new StoreUnavailableError('Others change the same thing all the time.');
  }
}
