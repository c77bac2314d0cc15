import { explainFileError } from '../files/file-errors.ts';
import { describeIntegrationWarning } from '../texts/integration-warnings.ts';
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
import type { StoreCall, CliCommand } from './framework/command.ts';
import { CommandFailedError, unwrap } from './framework/errors.ts';
import { addressNote } from '../domain/notes.ts';
import { serverUrl } from './framework/server-url.ts';

const recommended = 'recommended';

export const integrateCommand: CliCommand = {
  usage: 'integrate',
  description: 'print client code for a product, ready to paste',
  options: [
    { flags: '--product <name>', description: 'the product; needed only where there are several' },
    { flags: '--language <l>', description: 'the programming language', choices: languageNames, required: true },
    { flags: '--system <s>', description: 'the protocol that it speaks', choices: [recommended, ...systemNames] },
    { flags: '--out <file>', description: 'write the code into a new file' },
  ],
  notes: `The recommended protocol is that of ${systems[recommendedSystem].title}, because its answers are signed.`,
  run: async (call) => {
    const integration = unwrap(
      await call.services.integrations.make({
        guildId: (await call.findGuild()).id,
        product: call.text('product') ?? null,
        language: call.text('language') as LanguageName,
        system: parseSystem(call.text('system')),
        server: await findServerUrl(call),
      }),
    );
    const warnings = integration.warnings.map(describeIntegrationWarning);
    warnings.forEach(call.warn);
    const out = call.text('out');
    if (out !== undefined) await writeNewFile(resolve(out), integration.code);
    const { system, language, product, file, code, publicKey } = integration;
    return {
      json: { integration: { system, language, product: product.name, file, code, publicKey, warnings } },
      text: out === undefined ? code.trimEnd() : describeWritten(integration, out),
    };
  },
};

/** null: the recommended system. */
function parseSystem(text: string | undefined): Protocol | null {
  return text === undefined || text === recommended ? null : (text as Protocol);
}

async function findServerUrl({ context: { config }, storage }: StoreCall): Promise<string> {
  const url = serverUrl(config, config.http.port === 0 ? await storage.note(addressNote) : null);
  if (url !== null) return url;
  throw new CommandFailedError(
    'address-unknown',
    'The port of the server is not known yet, because it chooses one at start: set http.publicUrl, or start it first.',
  );
}

/** Never overwrites a file: its owner may have edited the code in it. */
async function writeNewFile(file: string, code: string): Promise<void> {
  try {
    await writeFile(file, code, { flag: 'wx' });
  } catch (error) {
    const { code: reason } = error as NodeJS.ErrnoException;
    if (reason === 'EEXIST') throw new CommandFailedError('file-exists', `${file} already exists. Choose a new name.`);
    const sentence = explainFileError(error, file, 'write');
    throw new CommandFailedError(
      'file-unwritable',
      sentence ?? `${file} cannot be written (${reason ?? 'unknown reason'}).`,
    );
  }
}

function describeWritten({ language, system, publicKey }: Integration, out: string): string {
  const { title, run } = languages[language];
  return [
    `${title} for ${systems[system].title}’s protocol is in ${out}. Try it: LICENSE_KEY=the-key ${run}`,
    `The public key that verifies the answers:\n${publicKey.pem}`,
    `The same on one line:\n${publicKey.oneLine}`,
    `The same as base64, for Lukittu’s clients:\n${publicKey.base64}`,
  ].join('\n\n');
}
