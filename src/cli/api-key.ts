import { apiKeyJson, newApiKeyJson } from '../services/json/api-key-json.ts';
import { describeWarning } from '../texts/warnings.ts';
import { text } from 'node:stream/consumers';
import { commandLine } from '../domain/actor.ts';
import { type ApiKey, scopes } from '../domain/api-key.ts';
import type { CliCommand } from './framework/command.ts';
import { UsageError, unwrap } from './framework/errors.ts';
import { moment } from './framework/format.ts';

function describeState({ expiresAt, revokedAt }: ApiKey): string {
  if (revokedAt !== null) return `revoked ${moment(revokedAt)}`;
  return expiresAt === null ? 'valid' : `until ${moment(expiresAt)}`;
}

export const apiKeyCommands: readonly CliCommand[] = [
  {
    usage: 'apikey create',
    description: 'create an API key; its secret is shown only this once',
    options: [
      { flags: '--name <text>', description: 'what the key is used for', required: true },
      { flags: '--scopes <list>', description: `a comma-separated list of ${scopes.join(', ')}; default: auth` },
      { flags: '--secret-stdin', description: 'read the secret from stdin instead of generating one' },
      { flags: '--expires <when>', description: 'a date or a time like 90d; default: never' },
    ],
    run: async (call) => {
      const guildId = (await call.findGuild()).id;
      const { apiKey, secret, warnings } = unwrap(
        await call.services.apiKeys.create({
          guildId,
          actor: commandLine,
          name: call.text('name') ?? '',
          scopes: call
            .text('scopes')
            ?.split(',')
            .map((scope) => scope.trim()),
          secret:
            call.flag('secretStdin') === true ? (await text(call.context.stdin)).replace(/\r?\n$/, '') : undefined,
          expires: call.text('expires'),
        }),
      );
      warnings.map(describeWarning).forEach(call.warn);
      const { id, name } = apiKey;
      return {
        json: { apiKey: newApiKeyJson(apiKey, secret) },
        text: `API key ${id} (${name}), shown only this once:\n${secret}`,
      };
    },
  },
  {
    usage: 'apikey list',
    description: 'list all API keys, without their secrets',
    run: async (call) => {
      const apiKeys = await call.services.apiKeys.list((await call.findGuild()).id);
      const items = apiKeys.map((apiKey) => ({
        json: apiKeyJson(apiKey),
        cells: [String(apiKey.id), apiKey.name, apiKey.scopes.join(','), describeState(apiKey)],
      }));
      const columns = ['ID', 'NAME', 'SCOPES', 'STATE'];
      return { name: 'apiKeys', heading: null, columns, pages: [items], emptyText: 'There are no API keys yet.' };
    },
  },
  {
    usage: 'apikey revoke <id>',
    description: 'revoke an API key; it stops working with the next request',
    notes: '<id> is the number that “apikey list” shows.',
    run: async (call) => {
      const id = Number(call.argument(0));
      if (!Number.isSafeInteger(id)) throw new UsageError('Give the number of the API key that “apikey list” shows.');
      const revoked = await call.services.apiKeys.revoke({
        guildId: (await call.findGuild()).id,
        actor: commandLine,
        id,
      });
      const apiKey = unwrap(revoked);
      return {
        json: { apiKey: apiKeyJson(apiKey) },
        text: `API key ${id} (${apiKey.name}) is revoked.`,
      };
    },
  },
];
