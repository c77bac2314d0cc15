import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createInstallation, type Installation } from './program.ts';
import { startReplicaSet } from './replica-set.ts';

export interface Installations {
  /** One installation per server process, all on the same store. */
  readonly all: readonly [Installation, ...Installation[]];
  /** Removes the store. */
  remove(): Promise<void>;
}

/** Creates a store: the embedded one, with one installation, or MongoDB with `onMongodb` installations. */
export async function createInstallations(store: string, onMongodb: number): Promise<Installations> {
  if (store === 'sqlite') {
    const installation = await createInstallation();
    return { all: [installation], remove: () => removeInstallations([installation]) };
  }
  if (store !== 'mongodb') throw new Error(`--store is sqlite or mongodb, not ${store}`);
  const set = await startReplicaSet(1);
  const shared = {
    MONGODB_URI: set.uri('latchkey'),
    LATCHKEY_MASTER_KEY: randomBytes(32).toString('base64'),
    LATCHKEY_ROLES: 'api',
  };
  const first = await createInstallation(shared);
  const others: Installation[] = [];
  for (let more = 1; more < onMongodb; more += 1) others.push(await createInstallation(shared));
  return {
    all: [first, ...others],
    remove: async () => {
      await set.stop();
      await removeInstallations([first, ...others]);
    },
  };
}

async function removeInstallations(installations: readonly Installation[]): Promise<void> {
  for (const { dataDir } of installations) await rm(dataDir, { recursive: true });
}
