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
 * Seeding a database takes longer than most tests, so that tests of the same world that follow each other share one, and
 * what each test stored is taken back after it. Each test opens the database as a process of its own.
 */
function createMongoWorlds(): Worlds {
  let seeded: SeededDatabase | null = null;

  return {
    open: async (now, changes) => {
      const name = JSON.stringify([now, changes]);
      if (seeded?.name !== name) {
        await seeded?.remove();
        seeded = await seedDatabase(name, now, changes);
      }
      return seeded.open();
    },
    close: async () => seeded?.remove(),
  };
}

interface SeededDatabase {
  readonly name: string;
  open(): Promise<World>;
  remove(): Promise<void>;
}

async function seedDatabase(name: string, now: string, changes: WorldChanges | undefined): Promise<SeededDatabase> {
  const clock = createTestClock(now);
  const installation = await mongoEngine.install(clock.now);
  const storage = await installation.open();
  await seedWorld(storage, changes);
  await storage.close();
  const putBack = await rememberDocuments(installation.connection.uri!);
  return {
    name,
    open: async () => {
      const opened = await installation.open();
      const leave = async () => {
        await opened.close();
        await putBack();
      };
      return { clock, storage: opened, leave };
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
