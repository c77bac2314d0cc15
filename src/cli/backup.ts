import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../../config/schema.ts';
import type { CliCommand } from './framework/command.ts';
import { failWith, CommandFailedError } from './framework/errors.ts';

/** The size of a file in bytes; null where it does not exist. */
async function readSize(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function requireEmbeddedStore({ mongodbUri }: Config, tool: string): void {
  if (mongodbUri === null) return;
  const reason = `The store is in MongoDB: use ${tool}. docs/operations.md explains how.`;
  throw new CommandFailedError('not-embedded', reason);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

export const backupCommand: CliCommand = {
  usage: 'backup <file>',
  description: 'copy the embedded store into a new file; the server may keep running',
  notes: 'Without the master key a backup cannot be read. Keep a copy of the key, too, in another place.',
  run: async (call) => {
    requireEmbeddedStore(call.context.config, 'mongodump');
    const file = resolve(call.argument(0));
    if ((await readSize(file)) !== null)
      throw new CommandFailedError('file-exists', `${file} already exists. Choose a new name.`);
    await call.storage.backup(file).catch(failWith('backup-failed'));
    const bytes = (await readSize(file)) ?? 0;
    return { json: { backup: { file, bytes } }, text: `The store is copied to ${file} (${megabytes(bytes)}).` };
  },
};

export const restoreCommand: CliCommand = {
  usage: 'restore <file>',
  description: 'replace the embedded store with a backup; stop the server first',
  runWithoutStore: async (call) => {
    requireEmbeddedStore(call.context.config, 'mongorestore');
    const file = resolve(call.argument(0));
    if ((await readSize(file)) === null) throw new CommandFailedError('file-not-found', `There is no file ${file}.`);
    const { previous } = await call.context.restore(file).catch(failWith('restore-refused'));
    const moved = previous === null ? '' : ` The previous store is in ${previous}.`;
    return { json: { restored: { file, previous } }, text: `The store is restored from ${file}.${moved}` };
  },
};
