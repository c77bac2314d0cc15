import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../../config/schema.ts';
import type { CliCommand } from './framework/command.ts';
import { refuseWith, CommandFailedError } from './framework/errors.ts';

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function refuseMongodb({ mongodbUri }: Config, tool: string): void {
  if (mongodbUri === null) return;
  const told = `The store is in MongoDB: use ${tool}. docs/operations.md tells how.`;
  throw new CommandFailedError('not-embedded', told);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

export const backupCommand: CliCommand = {
  usage: 'backup <file>',
  describes: 'copy the embedded store into a new file, also while the server runs',
  notes: 'The copy is of use only with the master key: keep that, too, and elsewhere.',
  run: async (call) => {
    refuseMongodb(call.context.config, 'mongodump');
    const file = resolve(call.argument(0));
    if ((await sizeOf(file)) !== null)
      throw new CommandFailedError('file-exists', `${file} exists; choose a new name.`);
    await call.storage.backup(file).catch(refuseWith('backup-failed'));
    const bytes = (await sizeOf(file)) ?? 0;
    return { json: { backup: { file, bytes } }, text: `The store is copied to ${file} (${megabytes(bytes)}).` };
  },
};

export const restoreCommand: CliCommand = {
  usage: 'restore <file>',
  describes: 'put a backup in the place of the embedded store; stop the server first',
  runClosed: async (call) => {
    refuseMongodb(call.context.config, 'mongorestore');
    const file = resolve(call.argument(0));
    if ((await sizeOf(file)) === null) throw new CommandFailedError('file-not-found', `There is no file ${file}.`);
    const { previous } = await call.context.restore(file).catch(refuseWith('restore-refused'));
    const kept = previous === null ? '' : ` What was there before is kept in ${previous}.`;
    return { json: { restored: { file, previous } }, text: `The store is that of ${file} now.${kept}` };
  },
};
