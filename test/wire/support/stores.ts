import { openMemoryStorage } from '../../support/memory-storage.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import type { Storage } from '../../../src/storage/port/storage.ts';
import { seedWorld, type WorldChanges } from './world.ts';

/** A store that the wire tests run on; each test gets an empty one. */
export interface WireStore {
  readonly name: string;
  open(clock: () => Date): Promise<Storage>;
}

/** A store that holds the world of `seedWorld` and nothing else. */
export interface World {
  readonly storage: Storage;
  readonly clock: TestClock;
  /** After a test: nothing that it stored is in the next one's world. */
  leave(): Promise<void>;
}

export interface Worlds {
  /** `requests`: how many checks the test asks for at most. */
  open(now: string, changes: WorldChanges | undefined, requests: number): Promise<World>;
  /** After the last test. */
  close(): Promise<void>;
}

export interface StoreWithWorlds extends WireStore {
  /** Worlds for tests that store nothing but what checks store, one world at a time. */
  worlds(): Worlds;
}

export const embeddedStore: StoreWithWorlds = {
  name: 'SQLite',
  open: (clock) => Promise.resolve(openMemoryStorage(clock)),
  worlds: () => ({
    open: async (now, changes) => {
      const clock = createTestClock(now);
      const storage = openMemoryStorage(clock.now);
      await seedWorld(storage, changes);
      return { storage, clock, leave: () => storage.close() };
    },
    close: () => Promise.resolve(),
  }),
};
