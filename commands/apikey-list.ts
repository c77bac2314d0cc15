import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { GuildContext } from '../src/discord/framework/command-context.ts';
import { cutPage, decodePosition, firstPage, pageRow, type Position } from '../src/discord/framework/pages.ts';
import { describeApiKey } from '../src/discord/texts/api-keys.ts';
import { embed } from '../src/discord/framework/embed.ts';

const perPage = 10;

export const apikeyList: Subcommand = {
  definition: new SlashCommandSubcommandBuilder().setName('list').setDescription('All API keys, without their secrets'),
  access: 'apikey',
  reply: 'private',
  run: (context) => showPage(context, firstPage),
  components: {
    'apikey-list': {
      reply: 'update',
      run: (context) => showPage(context, decodePosition(context.state[0])),
    },
  },
};

async function showPage(context: GuildContext, position: Position): Promise<Reply> {
  const apiKeys = await context.services.apiKeys.list(context.guildId);
  const { shown, nextBeforeId } = cutPage(apiKeys, ({ id }) => id, position, perPage);
  const lines = shown.length === 0 ? ['None yet.'] : shown.map((one) => describeApiKey(one, context.now));
  return {
    embeds: [embed({ title: 'API keys', lines })],
    rows: pageRow(context, { position, nextBeforeId, handler: 'apikey-list' }),
    postable: true,
  };
}
