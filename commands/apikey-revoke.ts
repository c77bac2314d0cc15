import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { askFirst } from '../src/discord/framework/ask-first.ts';
import type { Choice, GuildContext } from '../src/discord/framework/command-context.ts';
import { apiKeyName, describeApiKeyState } from '../src/discord/texts/api-keys.ts';
import { embed } from '../src/discord/framework/embed.ts';
import { fullTime } from '../src/discord/texts/phrases.ts';
import type { ApiKey } from '../src/domain/api-key.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

export const apikeyRevoke: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('revoke')
    .setDescription('End an API key for good')
    .addStringOption((option) =>
      option
        .setName('apikey')
        .setDescription('Pick one, or type its number')
        .setRequired(true)
        .setMaxLength(100)
        .setAutocomplete(true),
    ),
  access: 'apikey',
  reply: 'private',
  autocomplete: (context) => choices(context, context.focused.text),
  run: async (context) => {
    const wanted = context.options.text('apikey') ?? '';
    const apiKey = (await context.services.apiKeys.list(context.guildId)).find(({ id }) => String(id) === wanted);
    if (!apiKey) return describeCommandError({ code: 'api-key-not-found' });
    if (apiKey.revokedAt) return `API key ${apiKeyName(apiKey)} was revoked ${fullTime(apiKey.revokedAt)} already.`;
    return askFirst(context, {
      title: 'Revoke this API key?',
      lines: describeQuestion(apiKey, context.now),
      label: 'Revoke it',
      handler: 'apikey-revoke-go',
      state: [apiKey.id],
    });
  },
  components: {
    'apikey-revoke-go': {
      reply: 'update',
      once: true,
      run: async ({ services, by, state }) => {
        const revoked = await services.apiKeys.revoke({ ...by, id: Number(state[0]) });
        if (!revoked.ok) return describeCommandError(revoked.error);
        const lines = [`${apiKeyName(revoked.value)} is refused from the next request on.`];
        return { embeds: [embed({ title: 'API key revoked', lines, tone: 'warning' })], postable: true };
      },
    },
  },
};

export function describeQuestion(apiKey: ApiKey, now: Date): readonly string[] {
  return [
    `${apiKeyName(apiKey)} with ${apiKey.scopes.join(', ')}, ${describeApiKeyState(apiKey, now)}`,
    'Every program that has it is refused from the next request on. This cannot be undone.',
  ];
}

/** The API keys that can be revoked, newest first. */
async function choices({ services, guildId }: GuildContext, typed: string): Promise<readonly Choice[]> {
  const wanted = typed.trim().toLowerCase();
  const usable = (await services.apiKeys.list(guildId)).filter(({ revokedAt }) => revokedAt === null);
  return usable
    .toReversed()
    .map(({ id, name }) => ({ name: `#${id} ${name}`, value: String(id) }))
    .filter(({ name }) => name.toLowerCase().includes(wanted));
}
