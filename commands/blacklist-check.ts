import { type APIEmbed, SlashCommandSubcommandBuilder } from 'discord.js';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { describeEntry } from '../src/discord/texts/blacklist.ts';
import { embed } from '../src/discord/framework/embed.ts';
import type { BlacklistEntry } from '../src/domain/blacklist/blacklist.ts';

export const blacklistCheck: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('check')
    .setDescription('Whether something is blacklisted, and by what')
    .addStringOption((option) =>
      option
        .setName('value')
        .setDescription('An IP, HWID, key, Discord user or country')
        .setRequired(true)
        .setMaxLength(1024),
    ),
  access: 'blacklist',
  reply: 'private',
  run: async ({ services, guildId, options }) => {
    const entries = await services.blacklist.check(guildId, options.text('value') ?? '');
    return { embeds: [describeMatches(entries)], postable: true };
  },
};

/** Does not repeat the value: it may be a key, and the reply can be posted. */
export function describeMatches(entries: readonly BlacklistEntry[]): APIEmbed {
  return entries.length === 0
    ? embed({ title: 'Not blacklisted', lines: ['Nothing on the blacklist matches it.'], tone: 'good' })
    : embed({ title: 'Blacklisted', lines: entries.map(describeEntry), tone: 'warning' });
}
