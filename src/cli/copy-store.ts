import { resolve } from 'node:path';
import { mongodbUri } from '../../config/value-schemas.ts';
import type { CliCommand, CliCall } from './framework/command.ts';
import type { CopiedStores, StoreLocation } from './framework/context.ts';
import { UsageError, failWith } from './framework/errors.ts';
import { createProgress } from './framework/progress.ts';
import { card, counted } from './framework/format.ts';

const storeForms = 'Write sqlite:FOLDER, or mongodb:';

/** The store that `--from` or `--to` names. An error never repeats the address, which may hold a password. */
function readStoreLocation(call: CliCall, option: 'from' | 'to'): StoreLocation {
  const text = call.text(option) ?? '';
  const [, scheme, rest = ''] = /^(sqlite|mongodb(?:\+srv)?):(.*)$/s.exec(text) ?? [];
  if (scheme === 'sqlite' && rest !== '') return { engine: 'sqlite', dir: resolve(rest) };
  if (scheme === 'mongodb' && rest === '') {
    const { mongodbUri: uri } = call.context.config;
    if (uri === null) throw new UsageError(`--${option} mongodb: needs the address in MONGODB_URI.`);
    return { engine: 'mongodb', uri };
  }
  const parsed = mongodbUri.safeParse(text);
  if (parsed.success) return { engine: 'mongodb', uri: parsed.data };
  throw new UsageError(`--${option} names no store. ${storeForms} with the address in MONGODB_URI.`);
}

function describeCopy({ from, to, copied }: CopiedStores): string {
  const kinds = Object.entries(copied).filter(([, { count }]) => count > 0);
  const all = kinds.reduce((sum, [, { count }]) => sum + count, 0);
  const title = `Copied ${counted(all, 'record')} from ${from} to ${to} and compared them.`;
  return card(
    title,
    kinds.map(([kind, { count }]) => [kind, count.toLocaleString('en')] as const),
  );
}

export const copyStoreCommand: CliCommand = {
  usage: 'copy-store',
  description: 'copy everything from the embedded store to MongoDB, or back; stop every server first',
  options: [
    {
      flags: '--from <store>',
      description: 'sqlite:FOLDER, or mongodb: (its address comes from MONGODB_URI)',
      required: true,
    },
    { flags: '--to <store>', description: 'the other store, which must be empty', required: true },
  ],
  notes:
    'Both stores use the same master key, and the source is not changed. If the copy is interrupted, run the command\n' +
    'again: it continues, and until it has finished nothing else opens the target. You may write an address (mongodb://…)\n' +
    'instead of mongodb:, but other users of this machine can then see its password in the list of processes.',
  runWithoutStore: async (call) => {
    const [from, to] = [readStoreLocation(call, 'from'), readStoreLocation(call, 'to')];
    if (from.engine === to.engine) {
      throw new UsageError(
        '--from and --to name the same kind of store: one must be sqlite:FOLDER, the other mongodb:.',
      );
    }
    const progress = createProgress(call.context.stderr, call.context.now);
    const listener = {
      onStep: progress.show,
      onWarning: (sentence: string) => {
        progress.end();
        call.warn(sentence);
      },
    };
    const copying = call.context.copyStore(from, to, listener).finally(() => {
      progress.end();
    });
    const done = await copying.catch(failWith('copy-refused'));
    return { json: { copied: { from: done.from, to: done.to, records: done.copied } }, text: describeCopy(done) };
  },
};
