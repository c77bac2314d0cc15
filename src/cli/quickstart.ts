import type { ApiKey } from '../domain/api-key.ts';
import type { Quickstart } from '../services/guilds/guild-service.ts';
import type { Call, CliCommand } from './framework/command.ts';
import { CommandFailedError, unwrap } from './framework/errors.ts';
import { guildJson } from './guild.ts';
import { rowOf } from '../services/licenses/show-license.ts';
import { licenseJson } from './license-row.ts';
import { addressNote } from '../domain/notes.ts';
import { productJson } from './product.ts';
import { serverUrl } from './framework/server-url.ts';
import { shellQuote } from './framework/shell-quote.ts';
import { card } from './framework/format.ts';

export const quickstartCommand: CliCommand = {
  usage: 'quickstart',
  describes: 'make something to try and print a curl line that works',
  notes: 'Repeated, it shows the same guild, product and license, and a fresh API key in the place of the last one.',
  run: async (call) => {
    const made = await call.services.guilds.quickstart();
    const settings = unwrap(await call.services.settings.view(made.guild.id));
    const row = rowOf(made.license, made.product, settings, call.context.now());
    if (row.state !== 'active') call.say(`License ${row.license.id} is ${row.state}, so the answer will be a refusal.`);
    const apiKeys = await call.services.apiKeys.list(made.guild.id);
    const curl = await curlLine(call, made);
    return {
      json: {
        guild: guildJson(made.guild),
        product: productJson(made.product),
        license: licenseJson(row, made.key),
        apiKey: apiKeyJson(made, apiKeys),
        curl,
      },
      text: await describeQuickstart(call, made, curl),
    };
  },
};

function apiKeyJson({ apiKey: { id, secret } }: Quickstart, apiKeys: readonly ApiKey[]): object {
  const stored = apiKeys.find((apiKey) => apiKey.id === id);
  return { id, name: stored?.name ?? null, scopes: stored?.scopes ?? null, secret };
}

async function curlLine({ context, storage }: Call, { product, key, apiKey }: Quickstart): Promise<string> {
  const { config, platform } = context;
  const url = serverUrl(config, config.http.port === 0 ? await storage.note(addressNote) : null);
  if (url === null) {
    throw new CommandFailedError(
      'address-unknown',
      'The server chooses its port itself: start it first, then repeat this.',
    );
  }
  const asked = {
    product: product.name,
    version: product.version ?? '1.0.0',
    licensekey: key,
    ip: '203.0.113.5',
    hwid: 'quickstart',
  };
  // A certificate names the public address, which this is not.
  const trust = url.startsWith('https:') && config.http.publicUrl === null ? ['-k'] : [];
  const words = ['-sS', ...trust, '-X', 'POST', `${url}/api/license/auth`, '-H', `Authorization: ${apiKey.secret}`];
  const body = ['-H', 'Content-Type: application/json', '-d', JSON.stringify({ data: asked })];
  return ['curl', ...words, ...body].map((word) => shellQuote(word, platform)).join(' ');
}

async function describeQuickstart({ context }: Call, made: Quickstart, curl: string): Promise<string> {
  const start = (await context.isServerRunning()) ? [] : ['Start the server first, in another terminal: npm start', ''];
  return [
    card('Made for trying out:', [
      ['Guild', `${made.guild.name} (--guild ${made.guild.id})`],
      ['Product', `${made.product.name}, number ${made.product.id}`],
      ['License', `${made.key}, id ${made.license.id}`],
      ['API key', `${made.apiKey.secret} (each run makes a new one)`],
    ]),
    '',
    ...start,
    'Ask as a client program would:',
    '',
    curl,
    '',
    'The answer begins with {"status_msg":"Successful Authentication!"',
    `Then try: npx latchkey license suspend ${made.license.id} --guild ${made.guild.id}, and ask again.`,
  ].join('\n');
}
