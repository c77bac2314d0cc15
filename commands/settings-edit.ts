import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { ComponentHandler, Subcommand } from '../src/discord/framework/command.ts';
import type { GuildContext } from '../src/discord/framework/command-context.ts';
import { changeSetting, unchanged } from '../src/discord/settings/change-setting.ts';
import { findSection, sectionTitles } from '../src/discord/settings/sections.ts';
import {
  askAboutZero,
  sectionReply,
  settingReply,
  settingHandlers,
  settingModal,
} from '../src/discord/settings/show-settings.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { isSettingKey, type SettingKey } from '../src/domain/settings/settings.ts';
import { settingsTable } from '../src/domain/settings/settings-table.ts';
import { settingSections } from '../src/domain/settings/setting-kinds.ts';

const components: Readonly<Record<string, ComponentHandler<GuildContext>>> = {
  [settingHandlers.section]: {
    reply: 'update',
    run: (context) => showSection(context, context.state[0]),
  },
  [settingHandlers.pick]: {
    reply: 'update',
    run: (context) => withKey(context.values[0], (key) => settingReply(context, key, unchanged(context))),
  },
  [settingHandlers.value]: {
    reply: 'update',
    run: (context) => withKey(context.state[0], (key) => putSetting(context, key, context.values.join(', '))),
  },
  [settingHandlers.put]: {
    reply: 'update',
    run: (context) => withKey(context.state[0], (key) => putSetting(context, key, context.state[1] ?? '')),
  },
  [settingHandlers.type]: {
    reply: 'update',
    modal: (context) => {
      const key = context.state[0] ?? '';
      return isSettingKey(key) ? settingModal(context, key) : null;
    },
    run: (context) => withKey(context.state[0], (key) => putSetting(context, key, context.field('value'))),
  },
  [settingHandlers.zero]: {
    reply: 'update',
    once: true,
    run: (context) =>
      withKey(context.state[0], async (key) => settingReply(context, key, await changeSetting(context, key, '0'))),
  },
};

export const settingsEdit: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('edit')
    .setDescription('Look at a section and change it')
    .addStringOption((option) =>
      option
        .setName('section')
        .setDescription('Which settings')
        .setRequired(true)
        .addChoices(...settingSections.map((value) => ({ name: sectionTitles[value], value }))),
    ),
  access: 'settings',
  reply: 'private',
  run: (context) => showSection(context, context.options.text('section')),
  components,
};

function showSection(context: GuildContext, text: string | null | undefined): Promise<Reply | string> {
  const section = findSection(text);
  return Promise.resolve(
    section === null ? 'There is no such section.' : sectionReply(context, section, context.settings),
  );
}

/** Buttons of an older version of the program may name a setting that is gone. */
async function withKey(
  text: string | undefined,
  show: (key: SettingKey) => Reply | Promise<Reply>,
): Promise<Reply | string> {
  const key = text ?? '';
  return isSettingKey(key) ? show(key) : describeCommandError({ code: 'unknown-setting', key, nearest: null });
}

/** Changes the setting and shows it; asks first about a limit of 0. */
export async function putSetting(context: GuildContext, key: SettingKey, text: string): Promise<Reply> {
  if (settingsTable[key].input.type === 'limit' && Number(text.trim() || NaN) === 0) return askAboutZero(context, key);
  return settingReply(context, key, await changeSetting(context, key, text));
}
