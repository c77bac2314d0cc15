import { setTimeout as wait } from 'node:timers/promises';
import { jobNote } from '../../src/domain/notes.ts';
import { minuteMs } from '../../src/domain/values/calendar.ts';
import { openBenchStorage } from '../store/fill-store.ts';
import type { Operation } from './operation.ts';

/** Every job, in the order in which the program schedules them, those of the embedded store last; a unit test compares it. */
export const jobNames = [
  'expiry',
  'blacklist-ends',
  'retention',
  'purge',
  'role-reconciliation',
  'backup',
  'disk-space',
] as const;

const longAgo = new Date(0).toISOString();
const pollMs = 100;
const holder = 'the bench';
/** As long as the program's leases: the store would take a longer one for that of a wrong clock. */
const leaseMs = minuteMs;

export const jobOperations: readonly Operation[] = jobNames.map((name, index) => ({
  name: `job ${name}`,
  isEmbedded: name === 'backup' || name === 'disk-space',
  run: async ({ server, place }) => {
    const storage = await openBenchStorage(place);
    const lease = jobNote(name);
    try {
      // Otherwise the program would say that the job has run in this minute.
      await storage.setNote(lease, longAgo, null);
      await server.order({ type: 'run-job', index });
      // The program notes that the job begins once it holds its lease, which it gives back when the job has ended.
      while ((await storage.note(lease)) === longAgo) await wait(pollMs);
      while ((await storage.acquireLease(lease, holder, leaseMs)) === null) await wait(pollMs);
      await storage.releaseLease(lease, holder);
      return null;
    } finally {
      await storage.close();
    }
  },
}));
