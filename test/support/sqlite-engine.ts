import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import type { Engine } from '../contract/storage-contract.ts';

/** The embedded store in a folder of its own; its processes are command lines, of which there may be several. */
export const sqliteEngine: Engine = {
  name: 'SQLite',
  install: (clock) => {
    const dir = mkdtempSync(join(tmpdir(), 'latchkey-contract-'));
    const masterKey = randomBytes(32);
    const opened: Storage[] = [];

    return Promise.resolve({
      open: async () => {
        const storage = await openStorage({
          mongodbUri: null,
          dir,
          masterKey,
          clock,
          random: randomBytes,
          durability: 'process',
          server: false,
        });
        opened.push(storage);
        return storage;
      },
      connection: { dir, masterKey: masterKey.toString('base64') },
      bytes: async () => {
        for (const storage of opened.splice(0)) await storage.close();
        return Buffer.concat(readdirSync(dir).map((name) => readFileSync(join(dir, name))));
      },
      remove: async () => {
        for (const storage of opened) await storage.close();
        rmSync(dir, { recursive: true });
      },
    });
  },
};
