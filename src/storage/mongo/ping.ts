import type { Models } from './models.ts';
import { asStoreError } from './errors.ts';

/** Writes where checks write, on their client, which gives up within the 1,500 ms promised. */
export function createPing({ notes }: Models, now: () => Date): () => Promise<void> {
  return async () => {
    try {
      await notes.updateOne({ _id: 'ping' }, { $set: { value: now().toISOString() } }, { upsert: true });
    } catch (error) {
      throw asStoreError(error);
    }
  };
}
