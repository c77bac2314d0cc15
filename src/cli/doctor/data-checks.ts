import { constants } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskSpaceOf } from '../../domain/values/disk-space.ts';
import { dayMs, hourMs, isFromWrongClock } from '../../domain/values/calendar.ts';
import { advice, type Check, failed, passed } from './check.ts';

const masterKeyFile = 'master.key';
const storeFileName = 'latchkey.db';
const backupFolder = 'backups';
const maxBackupAgeMs = 48 * hourMs;

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** null: there is no such file. */
async function statIfExists(file: string) {
  return await stat(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
}

/** The folder, or the nearest one above it that exists. */
async function findExistingFolder(dir: string): Promise<string> {
  return (await statIfExists(dir)) || dirname(dir) === dir ? dir : findExistingFolder(dirname(dir));
}

export const dataChecks: readonly Check[] = [
  {
    name: 'data folder',
    run: async ({ config: { data, masterKey, mongodbUri } }) => {
      if (mongodbUri !== null && masterKey !== null) return null;
      const folder = await findExistingFolder(data.dir);
      const isWritable = await access(folder, constants.W_OK | constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isWritable) return passed(`${data.dir} can be written.`);
      return failed(`${folder} cannot be written.`, 'Make the user that runs Latchkey its owner, or set data.dir.');
    },
  },
  {
    name: 'disk space',
    run: async ({ config: { data, mongodbUri } }) => {
      if (mongodbUri !== null) return null;
      const { bavail, bsize } = await statfs(await findExistingFolder(data.dir));
      const store = await statIfExists(join(data.dir, storeFileName));
      const detail = `${gigabytes(bavail * bsize)} are free.`;
      switch (diskSpaceOf(bavail * bsize, store?.size ?? 0)) {
        case 'full':
          return failed(detail, 'Free some space: on a full disk all checks fail.');
        case 'low':
          return advice(detail, 'Free some space before the store and its backups fill the disk.');
        case 'enough':
          return passed(detail);
      }
    },
  },
  {
    name: 'store',
    run: async ({ opened, openError }) => {
      if (!opened) return failed(openError ?? 'It cannot be opened.', 'Fix this, then run doctor again.');
      await opened.storage.ping();
      return passed('It can be opened and written, and has the format of this version.');
    },
  },
  {
    name: 'master key',
    run: async ({ config, platform }) => {
      if (config.masterKey !== null) return passed('It comes from the configuration.');
      const file = join(config.data.dir, masterKeyFile);
      const found = await statIfExists(file);
      if (!found) return failed(`${file} is missing.`, 'Put your copy of the key back.');
      if (platform !== 'win32' && (found.mode & 0o077) !== 0) {
        return failed(`Other users of this machine can read ${file}.`, `chmod 600 ${file}`);
      }
      return advice(`It is in ${file}, next to the data.`, 'Keep a copy elsewhere, apart from the backups.');
    },
  },
  {
    name: 'backups',
    run: async ({ config, now, isServerRunning }) => {
      if (config.mongodbUri !== null) return passed('You make them with mongodump; docs/operations.md explains how.');
      const folder = join(config.data.dir, backupFolder);
      const names = await readdir(folder).catch(() => []);
      const stats = await Promise.all(
        names.filter((name) => name.endsWith('.sqlite')).map((name) => statIfExists(join(folder, name))),
      );
      // One of a clock that was ahead would look new until the clock gets there.
      const times = stats.map((found) => found?.mtimeMs ?? 0).filter((at) => !isFromWrongClock(at, dayMs, now));
      const newest = Math.max(0, ...times);
      if (times.length === 0) return advice('There are none yet.', 'A running server makes one every night.');
      const detail = `The newest is from ${new Date(newest).toISOString().slice(0, 10)}.`;
      if (now.getTime() - newest < maxBackupAgeMs) return passed(detail);
      const fix = 'The log says why the nightly backup fails. “latchkey backup FILE” makes one now.';
      return isServerRunning && config.roles.includes('jobs') ? failed(detail, fix) : advice(detail, fix);
    },
  },
  {
    name: 'clock',
    run: async ({ opened, now }) => {
      if (!opened) return null;
      const doubt = await opened.services.clock.doubt();
      if (doubt === null) return passed(`It is ${now.toISOString()}.`);
      const newest = `the newest entry of the store is from ${doubt.entryAt.toISOString()}`;
      const detail = `It is ${now.toISOString()} here, but ${newest}, so the clock cannot be believed.`;
      if (doubt.direction === 'behind') return failed(detail, 'Set the clock (NTP): licenses expire by it.');
      return advice(
        detail,
        'If it is wrong, set it (NTP) before you start the server, or within an hour: until then nothing is deleted for good.',
      );
    },
  },
];
