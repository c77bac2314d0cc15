import { randomBytes } from 'node:crypto';
import { openSqliteStorage } from '../../src/storage/sqlite/open.ts';
import type { Storage } from '../../src/storage/port/storage.ts';

/** The embedded store in memory. */
export function openMemoryStorage(clock: () => Date = () => new Date()): Storage {
  return openSqliteStorage({
    dir: null,
    masterKey: randomBytes(32),
    clock,
    random: randomBytes,
    durability: 'process',
    server: false,
  });
}
