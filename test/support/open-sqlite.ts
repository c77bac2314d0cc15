import { afterEach } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { openSqliteStorage, type SqliteOptions } from '../../src/storage/sqlite/open.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { createTestClock } from './test-clock.ts';

export const testMasterKey = Buffer.alloc(32, 7);

/** Opens embedded stores that are closed after the test. */
export function useSqlite(): (dir: string | null, own?: Partial<SqliteOptions>) => Storage {
  const opened: Storage[] = [];
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
  });
  return (dir, own = {}) => {
    const storage = openSqliteStorage({
      dir,
      masterKey: testMasterKey,
      clock: createTestClock().now,
      random: randomBytes,
      durability: 'process',
      server: false,
      ...own,
    });
    opened.push(storage);
    return storage;
  };
}
