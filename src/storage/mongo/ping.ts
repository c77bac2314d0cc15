import type { Models } from './database/models.ts';
import { asStoreError } from './errors.ts';

/**
 * Resolves when a majority has confirmed a write. It uses the client of the checks,
 * which gives up within the 1,500 ms that the port promises.
 */
export function createPing({ notes }: Models, now: () => Date): () => Promise<void> {
  return async () => {
    try {
      await notes.updateOne({ _id: 'ping' }, { $set: { value: now().toISOString() } }, { upsert: true });
    } catch (error) {
      throw asStoreError(error);
    }
  };
}
