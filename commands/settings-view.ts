import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { embed } from '../src/discord/framework/embed.ts';
import { findSection, sectionTitles } from '../src/discord/settings/sections.ts';
import { describeMissed } from '../src/discord/texts/log-channels.ts';
import { describeSection, describeSettings } from '../src/discord/texts/settings.ts';
import { channelSetting, logChannels } from '../src/services/log-channels.ts';
import { settingSections } from '../src/domain/settings/setting-kinds.ts';

export const settingsView: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('view')
    .setDescription('All settings of this server')
    .addStringOption((option) =>
      option
        .setName('section')
        .setDescription('Only these, with what they do')
        .addChoices(...settingSections.map((value) => ({ name: sectionTitles[value], value }))),
    ),
  access: 'settings',
  reply: 'private',
  run: async ({ settings, options, services, guildId }) => {
    const section = findSection(options.text('section'));
    const card = section === null ? describeSettings(settings) : describeSection(section, settings);
    const { channels } = await services.logChannels.missed(guildId);
    const missed = logChannels.flatMap((channel) => {
      const posts = settings[channelSetting(channel)] === null ? undefined : channels[channel];
      return posts ? [`⚠️ ${describeMissed(channel, posts)}`] : [];
    });
    return { content: missed.join('\n'), embeds: [embed(card)], postable: true };
  },
};
