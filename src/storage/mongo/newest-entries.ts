import type { Inspection } from '../port/inspection.ts';
import type { MongoStore } from './connection.ts';

/**
 * The ids of attempts follow the clock, so the attempt that was stored last is not the one with the highest id. MongoDB
 * gives documents in the order in which they were inserted.
 */
export function createNewestEntries(store: MongoStore): Inspection['newestEntries'] {
  return () =>
    store.run(async () => {
      const { attempts, audit } = store.models;
      const [attempt, event] = await Promise.all([
        attempts.findOne().sort({ $natural: -1 }).select({ at: 1 }).lean(),
        audit.findOne().sort({ _id: -1 }).select({ storedAt: 1 }).lean(),
      ]);
      return [
        ...(attempt ? [{ kind: 'attempt', id: attempt._id, at: attempt.at } as const] : []),
        ...(event ? [{ kind: 'audit', id: event._id, at: event.storedAt } as const] : []),
      ];
    });
}
