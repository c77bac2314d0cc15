import type { CheckBundle } from '../../src/domain/snapshot.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { deny } from './check-rules.ts';
import { aRequest } from './storage-fixtures.ts';

/** What a check's rule can see of its guild now. */
export async function look<T>(
  storage: Storage,
  read: (bundle: CheckBundle, now: Date) => T,
  guildId = 'g1',
): Promise<T> {
  const values: T[] = [];
  const guildReference = { by: 'team', teamId: `team-${guildId}` } as const;
  await storage.decide(aRequest({ guildReference }), (snapshot) => {
    values.push(read(snapshot.bundle, snapshot.now));
    return deny(snapshot, 'malformed');
  });
  return values[0]!;
}
