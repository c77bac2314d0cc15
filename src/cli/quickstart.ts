import { guildJson } from '../services/json/guild-json.ts';
import { licenseJson } from '../services/json/license-json.ts';
import { productJson } from '../services/json/product-json.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { Quickstart } from '../services/guilds/guild-service.ts';
import type { StoreCall, CliCommand } from './framework/command.ts';
import { CommandFailedError, unwrap } from './framework/errors.ts';
import { rowOf } from '../services/licenses/show-license.ts';
import { addressNote } from '../domain/notes.ts';
import { serverUrl } from './framework/server-url.ts';
import { shellQuote } from './framework/shell-quote.ts';
import { card } from './framework/format.ts';

export const quickstartCommand: CliCommand = {
  usage: 'quickstart',
  makesStore: true,
  description: 'create a license to try out, and print a curl line that checks it',
  notes: 'You may repeat it: guild, product and license stay the same, and a new API key replaces the last one.',
  run: async (call) => {
    const created = await call.services.guilds.quickstart();
    const settings = unwrap(await call.services.settings.view(created.guild.id));
    const row = rowOf({ ...created, furtherProducts: [] }, settings, call.context.now());
    if (row.state !== 'active') call.warn(`License ${row.license.id} is ${row.state}, so its check will be denied.`);
    const apiKeys = await call.services.apiKeys.list(created.guild.id);
    const curl = await renderCurl(call, created);
    return {
      json: {
        guild: guildJson(created.guild),
        product: productJson(created.product),
        license: licenseJson(row, created.key),
        apiKey: apiKeyJson(created, apiKeys),
        curl,
      },
      text: await describeQuickstart(call, created, curl),
    };
  },
};

function apiKeyJson({ apiKey: { id, secret } }: Quickstart, apiKeys: readonly ApiKey[]): object {
  const stored = apiKeys.find((apiKey) => apiKey.id === id);
  return { id, name: stored?.name ?? null, scopes: stored?.scopes ?? null, secret };
}

async function renderCurl({ context, storage }: StoreCall, { product, key, apiKey }: Quickstart): Promise<string> {
  const { config, platform } = context;
  const url = serverUrl(config, config.http.port === 0 ? await storage.note(addressNote) : null);
  if (url === null) {
    throw new CommandFailedError(
      'address-unknown',
      'The port of the server is not known yet, because it chooses one at start: start it, then repeat this.',
    );
  }
  const data = {
    product: product.name,
    version: product.version ?? '1.0.0',
    licensekey: key,
    ip: '203.0.113.5',
    hwid: 'quickstart',
  };
  // The certificate names the public host, so curl could not verify it at this local address.
  const trust = url.startsWith('https:') && config.http.publicUrl === null ? ['-k'] : [];
  const words = ['-sS', ...trust, '-X', 'POST', `${url}/api/license/auth`, '-H', `Authorization: ${apiKey.secret}`];
  const body = ['-H', 'Content-Type: application/json', '-d', JSON.stringify({ data })];
  return ['curl', ...words, ...body].map((word) => shellQuote(word, platform)).join(' ');
}

async function describeQuickstart({ context }: StoreCall, created: Quickstart, curl: string): Promise<string> {
  const start = (await context.isServerRunning()) ? [] : ['Start the server first, in another terminal: npm start', ''];
  return [
    card('To try out:', [
      ['Guild', `${created.guild.name} (--guild ${created.guild.id})`],
      ['Product', `${created.product.name}, number ${created.product.id}`],
      ['License', `${created.key}, id ${created.license.id}`],
      ['API key', `${created.apiKey.secret} (replaced each time you run this)`],
    ]),
    '',
    ...start,
    'Check the license as a client program would:',
    '',
    curl,
    '',
    'The answer begins with {"status_msg":"Successful Authentication!"',
    `Next, suspend the license and check it again: npx latchkey license suspend ${created.license.id} --guild ${created.guild.id}`,
  ].join('\n');
}
