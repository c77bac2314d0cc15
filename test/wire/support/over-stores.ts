import { describe } from '@jest/globals';
import { rememberDocuments } from '../../support/mongo-documents.ts';
import { mongoEngine } from '../../support/mongo-engine.ts';
import { describeWithMongod } from '../../support/mongod.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { embeddedStore, type StoreWithWorlds, type World, type Worlds } from './stores.ts';
import { seedWorld, type WorldChanges } from './world.ts';

const mongoStore: StoreWithWorlds = {
  name: 'MongoDB',
  open: async (clock) => {
    const installation = await mongoEngine.install(clock);
    const storage = await installation.open();
    let removing: Promise<void> | undefined;
    return { ...storage, close: () => (removing ??= installation.remove()) };
  },
  worlds: createMongoWorlds,
};

/**
 * Opening and seeding a database takes longer than most tests, so that tests of the same world that follow each other
 * share one open store, and what each test stored is taken back after it.
 */
function createMongoWorlds(): Worlds {
  let shared: SharedWorld | null = null;

  return {
    open: async (now, changes, requests) => {
      const name = JSON.stringify([now, changes]);
      if (shared?.name !== name) {
        await shared?.remove();
        shared = await openWorld(name, now, changes);
      }
      return shared.use(requests);
    },
    close: async () => shared?.remove(),
  };
}

interface SharedWorld {
  readonly name: string;
  use(requests: number): Promise<World>;
  remove(): Promise<void>;
}

/** Beyond so many attempts with an unknown key in a minute, which the clock of a world never leaves, a process only counts. */
const storedSinglyAtMost = 60;

async function openWorld(name: string, now: string, changes: WorldChanges | undefined): Promise<SharedWorld> {
  const clock = createTestClock(now);
  const installation = await mongoEngine.install(clock.now);
  let storage = await installation.open();
  await seedWorld(storage, changes);
  const putBack = await rememberDocuments(installation.connection.uri!);
  let asked = 0;
  let isClosed = false;

  return {
    name,
    use: async (requests) => {
      asked += requests;
      if (isClosed || asked > storedSinglyAtMost) {
        await storage.close();
        storage = await installation.open();
        asked = requests;
        isClosed = false;
      }
      const opened = storage;
      const close = () => {
        isClosed = true;
        return opened.close();
      };
      return { clock, storage: { ...opened, close }, leave: putBack };
    },
    remove: () => installation.remove(),
  };
}

/** The same tests over every store. */
export function describeOverStores(body: (store: StoreWithWorlds) => void): void {
  describe(`over ${embeddedStore.name}`, () => {
    body(embeddedStore);
  });
  describeWithMongod(`over ${mongoStore.name}`, () => {
    body(mongoStore);
  });
}
