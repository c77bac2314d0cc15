import { join } from 'node:path';

/** The embedded store. Never opened through `fs` while it may be in use: closing any descriptor drops its locks. */
export const storeFile = (dir: string) => join(dir, 'latchkey.db');

/** Held by the one server of the store. */
export const serverLockFile = (dir: string) => join(dir, 'server.lock');

export const masterKeyFile = (dir: string) => join(dir, 'master.key');
