import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { GuildContext } from '../src/discord/framework/command-context.ts';
import { type Filters, readFilters, withFilters } from '../src/discord/framework/filters.ts';
import { decodePosition, firstPage, pageRow, type Position } from '../src/discord/framework/pages.ts';
import { describeEntry } from '../src/discord/texts/blacklist.ts';
import { embed } from '../src/discord/framework/embed.ts';
import { blacklistTypes } from '../src/domain/blacklist/blacklist.ts';

const perPage = 10;

export const blacklistList: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('list')
    .setDescription('What is blacklisted, newest first')
    .addStringOption((option) =>
      option
        .setName('type')
        .setDescription('Only these')
        .addChoices(...blacklistTypes.map((value) => ({ name: value, value }))),
    ),
  access: 'blacklist',
  reply: 'private',
  run: (context) => showPage(context, { type: context.options.text('type') }, firstPage),
  components: {
    'blacklist-list': {
      reply: 'update',
      run: (context) => showPage(context, readFilters(context.messageEmbeds), decodePosition(context.state[0])),
    },
  },
};

async function showPage(context: GuildContext, filters: Filters, position: Position): Promise<Reply> {
  const type = blacklistTypes.find((each) => each === filters.type) ?? null;
  const page = { limit: perPage + 1, beforeId: position.beforeId };
  const entries = await context.services.blacklist.list(context.guildId, type, page);
  const shown = entries.slice(0, perPage);
  const nextBeforeId = entries.length > perPage ? (shown.at(-1)?.id ?? null) : null;
  const lines = shown.length === 0 ? ['Nothing.'] : shown.map(describeEntry);
  return {
    embeds: [withFilters(embed({ title: 'Blacklist', lines }), filters)],
    rows: pageRow(context, { position, nextBeforeId, handler: 'blacklist-list' }),
    postable: true,
  };
}
