import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { makePlace, type Place } from './program.ts';
import { startReplicaSet } from './replica-set.ts';

export interface Places {
  /** One a server process: all on the same store. */
  readonly all: readonly [Place, ...Place[]];
  /** Removes the store. */
  remove(): Promise<void>;
}

/** A new store: the embedded one, which one server may open, or MongoDB with several. */
export async function openPlaces(store: string, onMongodb: number): Promise<Places> {
  if (store === 'sqlite') {
    const place = await makePlace();
    return { all: [place], remove: () => removePlaces([place]) };
  }
  if (store !== 'mongodb') throw new Error(`--store is sqlite or mongodb, not ${store}`);
  const set = await startReplicaSet(1);
  const shared = {
    MONGODB_URI: set.uri('latchkey'),
    LATCHKEY_MASTER_KEY: randomBytes(32).toString('base64'),
    LATCHKEY_ROLES: 'api',
  };
  const first = await makePlace(shared);
  const others: Place[] = [];
  for (let more = 1; more < onMongodb; more += 1) others.push(await makePlace(shared));
  return {
    all: [first, ...others],
    remove: async () => {
      await set.stop();
      await removePlaces([first, ...others]);
    },
  };
}

async function removePlaces(places: readonly Place[]): Promise<void> {
  for (const { dataDir } of places) await rm(dataDir, { recursive: true });
}
