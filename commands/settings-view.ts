import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { embed } from '../src/discord/framework/embed.ts';
import { findSection, sectionTitles } from '../src/discord/settings/sections.ts';
import { describeSection, describeSettings } from '../src/discord/texts/settings.ts';
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
  run: ({ settings, options }) => {
    const section = findSection(options.text('section'));
    const card = section === null ? describeSettings(settings) : describeSection(section, settings);
    return Promise.resolve({ embeds: [embed(card)], postable: true });
  },
};
