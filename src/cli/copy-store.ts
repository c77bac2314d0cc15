import { resolve } from 'node:path';
import { mongodbUri } from '../../config/values.ts';
import type { CliCommand, ClosedCall } from './framework/command.ts';
import type { CopiedStores, StorePlace } from './framework/context.ts';
import { UsageError, refuseWith } from './framework/errors.ts';
import { createProgress } from './framework/progress.ts';
import { card, counted } from './framework/format.ts';

const places = 'Write sqlite:FOLDER or mongodb:';

/** The store that `--from` or `--to` names. A mistake never repeats the address, which may hold a password. */
function placeOf(call: ClosedCall, option: 'from' | 'to'): StorePlace {
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
  throw new UsageError(`--${option} names no store. ${places}, whose address is in MONGODB_URI.`);
}

function describeCopy({ from, to, copied }: CopiedStores): string {
  const kinds = Object.entries(copied).filter(([, { count }]) => count > 0);
  const all = kinds.reduce((sum, [, { count }]) => sum + count, 0);
  const title = `${counted(all, 'record')} of ${from} are in ${to} now, and compared.`;
  return card(
    title,
    kinds.map(([kind, { count }]) => [kind, count.toLocaleString('en')] as const),
  );
}

export const copyStoreCommand: CliCommand = {
  usage: 'copy-store',
  describes: 'copy everything from the embedded store into MongoDB, or back; stop every server first',
  options: [
    {
      flags: '--from <store>',
      describes: 'sqlite:FOLDER, or mongodb: (its address comes from MONGODB_URI)',
      required: true,
    },
    { flags: '--to <store>', describes: 'the other one, with nothing in it', required: true },
  ],
  notes:
    'Both sides have one master key, and the source stays as it is. What was cut off goes on when it is repeated; until\n' +
    'then nothing else opens the target. An address (mongodb://…) can stand in the place of mongodb:, but others on this\n' +
    'machine see a password that stands there.',
  runClosed: async (call) => {
    const [from, to] = [placeOf(call, 'from'), placeOf(call, 'to')];
    if (from.engine === to.engine) {
      throw new UsageError('--from and --to are the same kind of store: one is sqlite:FOLDER, the other mongodb:.');
    }
    const progress = createProgress(call.context.stderr, call.context.now);
    const listener = {
      onStep: progress.show,
      onWarning: (sentence: string) => {
        progress.end();
        call.say(sentence);
      },
    };
    const copying = call.context.copyStore(from, to, listener).finally(() => {
      progress.end();
    });
    const done = await copying.catch(refuseWith('copy-refused'));
    return { json: { copied: { from: done.from, to: done.to, records: done.copied } }, text: describeCopy(done) };
  },
};
