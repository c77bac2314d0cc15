import { openMemoryStorage } from '../../support/memory-storage.ts';
import type { Storage } from '../../../src/storage/port/storage.ts';

/** A store that the wire tests run on; each test gets an empty one. */
export interface WireStore {
  readonly name: string;
  open(clock: () => Date): Promise<Storage>;
}

export const embeddedStore: WireStore = {
  name: 'SQLite',
  open: (clock) => Promise.resolve(openMemoryStorage(clock)),
};
