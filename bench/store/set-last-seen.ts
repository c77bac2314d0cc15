import { DatabaseSync } from 'node:sqlite';
import mongoose from 'mongoose';
import { storeFile } from '../../src/storage/store-files.ts';
import type { StorePlace } from './fill-store.ts';

/** Licenses by their numbers, `count` from `first` on. */
export interface LicenseRange {
  readonly first: number;
  readonly count: number;
}

/** Sets the instant at which the slots of these licenses were seen last, which decides whether a check refreshes it. */
export async function setLastSeen(place: StorePlace, { first, count }: LicenseRange, at: Date): Promise<void> {
  const [firstId, endId] = [first + 1, first + count];
  if ('dir' in place) {
    const database = new DatabaseSync(storeFile(place.dir), { timeout: 5_000 });
    database
      .prepare('UPDATE slots SET last_seen = ? WHERE license_id BETWEEN ? AND ?')
      .run(at.getTime(), firstId, endId);
    database.close();
    return;
  }
  const client = await mongoose.mongo.MongoClient.connect(place.uri);
  await client
    .db()
    .collection('licenses')
    .updateMany({ id: { $gte: firstId, $lte: endId } }, { $set: { 'slots.$[].lastSeenAt': at } });
  await client.close();
}
