import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Protocol } from '../domain/attempt.ts';
import {
  type LanguageName,
  languageNames,
  languages,
  recommendedSystem,
  systemNames,
  systems,
} from '../integration/offers.ts';
import type { Integration } from '../services/integrations.ts';
import type { Call, CliCommand } from './framework/command.ts';
import { CommandFailedError, unwrap } from './framework/errors.ts';
import { addressNote } from '../domain/notes.ts';
import { serverUrl } from './framework/server-url.ts';

const recommended = 'recommended';

export const integrateCommand: CliCommand = {
  usage: 'integrate',
  describes: 'client code for a product, ready to paste',
  options: [
    { flags: '--product <name>', describes: 'the product; may be left out where there is one' },
    { flags: '--language <l>', describes: 'what it is written in', choices: languageNames, required: true },
    { flags: '--system <s>', describes: 'whose protocol it speaks', choices: [recommended, ...systemNames] },
    { flags: '--out <file>', describes: 'write it into a new file' },
  ],
  notes: `Recommended is ${systems[recommendedSystem].title}’s protocol: its answers are signed.`,
  run: async (call) => {
    const made = unwrap(
      await call.services.integrations.make({
        guildId: (await call.guild()).id,
        product: call.text('product') ?? null,
        language: call.text('language') as LanguageName,
        system: systemOf(call.text('system')),
        server: await serverOf(call),
      }),
    );
    made.warnings.forEach(call.say);
    const out = call.text('out');
    if (out !== undefined) await writeNew(resolve(out), made.code);
    const { system, language, product, file, code, publicKey, warnings } = made;
    return {
      json: { integration: { system, language, product: product.name, file, code, publicKey, warnings } },
      text: out === undefined ? code.trimEnd() : describeWritten(made, out),
    };
  },
};

function systemOf(text: string | undefined): Protocol | null {
  return text === undefined || text === recommended ? null : (text as Protocol);
}

async function serverOf({ context: { config }, storage }: Call): Promise<string> {
  const url = serverUrl(config, config.http.port === 0 ? await storage.note(addressNote) : null);
  if (url !== null) return url;
  throw new CommandFailedError(
    'address-unknown',
    'The server chooses its port itself: set http.publicUrl, or start it first.',
  );
}

/** Code that somebody has changed since is not written over. */
async function writeNew(file: string, code: string): Promise<void> {
  try {
    await writeFile(file, code, { flag: 'wx' });
  } catch (error) {
    const { code: reason } = error as NodeJS.ErrnoException;
    if (reason === 'EEXIST') throw new CommandFailedError('file-exists', `${file} exists; choose a new name.`);
    throw new CommandFailedError('file-unwritable', `${file} cannot be written (${reason ?? 'no reason given'}).`);
  }
}

function describeWritten({ language, system, publicKey }: Integration, out: string): string {
  const { title, run } = languages[language];
  return [
    `${title} for ${systems[system].title}’s protocol is in ${out}. Try it: LICENSE_KEY=the-key ${run}`,
    `The public key of the answers:\n${publicKey.pem}`,
    `The same on one line:\n${publicKey.oneLine}`,
    `The same as base64, for Lukittu’s clients:\n${publicKey.base64}`,
  ].join('\n\n');
}
