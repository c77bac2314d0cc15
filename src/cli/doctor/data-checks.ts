import { constants } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { advise, type Check, fault, fine } from './check.ts';
import { hourMs, minuteMs } from '../../domain/calendar.ts';

const masterKeyFile = 'master.key';
const backupFolder = 'backups';
const tightBytes = 1e9;
const fullBytes = 100e6;
const staleBackupMs = 48 * hourMs;
const clockSlackMs = 2 * minuteMs;

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

async function fileStat(file: string) {
  return await stat(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
}

/** The folder, or the nearest one above it that exists. */
async function existingFolder(dir: string): Promise<string> {
  return (await fileStat(dir)) || dirname(dir) === dir ? dir : existingFolder(dirname(dir));
}

export const dataChecks: readonly Check[] = [
  {
    name: 'data folder',
    run: async ({ config: { data, masterKey, mongodbUri } }) => {
      if (mongodbUri !== null && masterKey !== null) return null;
      const folder = await existingFolder(data.dir);
      const isWritable = await access(folder, constants.W_OK | constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isWritable) return fine(`${data.dir} can be written.`);
      return fault(`${folder} cannot be written.`, 'Let the user that runs Latchkey own it, or set data.dir.');
    },
  },
  {
    name: 'disk space',
    run: async ({ config: { data, mongodbUri } }) => {
      if (mongodbUri !== null) return null;
      const { bavail, bsize } = await statfs(await existingFolder(data.dir));
      const detail = `${gigabytes(bavail * bsize)} are free.`;
      if (bavail * bsize < fullBytes) return fault(detail, 'Make room: without it no check can be answered.');
      return bavail * bsize < tightBytes
        ? advise(detail, 'Make room before the store and its backups fill it.')
        : fine(detail);
    },
  },
  {
    name: 'store',
    run: async ({ opened, openingFailed }) => {
      if (!opened) return fault(openingFailed ?? 'It cannot be opened.', 'Do what the sentence says, then look again.');
      await opened.storage.ping();
      return fine('It opens, can be written, and is of this version.');
    },
  },
  {
    name: 'master key',
    run: async ({ config, platform }) => {
      if (config.masterKey !== null) return fine('It comes from the configuration.');
      const file = join(config.data.dir, masterKeyFile);
      const found = await fileStat(file);
      if (!found) return fault(`${file} is missing.`, 'Put it back from where you keep it.');
      if (platform !== 'win32' && (found.mode & 0o077) !== 0) {
        return fault(`Other users of this machine can read ${file}.`, `chmod 600 ${file}`);
      }
      return advise(`It lies beside the data, in ${file}.`, 'Keep a copy elsewhere, apart from the backups.');
    },
  },
  {
    name: 'backups',
    run: async ({ config, now, isServerRunning }) => {
      if (config.mongodbUri !== null) return fine('mongodump makes them; docs/operations.md tells how.');
      const folder = join(config.data.dir, backupFolder);
      const names = await readdir(folder).catch(() => []);
      const stats = await Promise.all(
        names.filter((name) => name.endsWith('.sqlite')).map((name) => fileStat(join(folder, name))),
      );
      const newest = Math.max(...stats.map((found) => found?.mtimeMs ?? 0));
      if (stats.length === 0) return advise('There are none yet.', 'A server that runs at night makes them by itself.');
      const detail = `The newest is of ${new Date(newest).toISOString().slice(0, 10)}.`;
      if (now.getTime() - newest < staleBackupMs) return fine(detail);
      const fix = 'See in the log why the nightly one fails; “latchkey backup FILE” makes one now.';
      return isServerRunning && config.roles.includes('jobs') ? fault(detail, fix) : advise(detail, fix);
    },
  },
  {
    name: 'clock',
    run: async ({ opened, now }) => {
      if (!opened) return null;
      const guilds = await opened.services.guilds.list();
      const newest = await Promise.all(
        guilds.map(({ id }) => opened.services.records.audit(id, {}, { limit: 1, beforeId: null })),
      );
      const last = Math.max(0, ...newest.flat().map((event) => event.at.getTime()));
      if (last - now.getTime() <= clockSlackMs) return fine(`It is ${now.toISOString()}.`);
      const detail = `It is ${now.toISOString()} here, but the store has an entry of ${new Date(last).toISOString()}.`;
      return fault(detail, 'Set the clock right (NTP): licenses expire by it.');
    },
  },
];
