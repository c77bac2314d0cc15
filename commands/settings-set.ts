import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { Choice } from '../src/discord/framework/command-context.ts';
import { suggest } from '../src/discord/options/suggest.ts';
import { controlOf } from '../src/discord/settings/setting-control.ts';
import { settingsTable } from '../src/domain/settings/settings-table.ts';
import { isSettingKey, settingKeys } from '../src/domain/settings/settings.ts';
import { parseSetting } from '../src/domain/settings/parse-setting.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { putSetting } from './settings-edit.ts';

export const settingsSet: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('set')
    .setDescription('Change one setting')
    .addStringOption((option) =>
      option.setName('key').setDescription('Which one').setRequired(true).setMaxLength(100).setAutocomplete(true),
    )
    .addStringOption((option) =>
      option
        .setName('value')
        .setDescription('What it shall be: on, off, numbers, unlimited, unset, mentions, lists with commas')
        .setRequired(true)
        .setMaxLength(1000)
        .setAutocomplete(true),
    ),
  access: 'settings',
  reply: 'private',
  autocomplete: (context) => {
    const { name, text } = context.focused;
    const key = context.options.text('key') ?? '';
    return Promise.resolve(name === 'key' ? keyChoices(text) : valueChoices(key, text));
  },
  run: async (context) => {
    const { options } = context;
    const [key, value] = [options.text('key') ?? '', options.text('value') ?? ''];
    const parsed = parseSetting(key, value);
    return parsed.ok ? putSetting(context, parsed.value.key, value) : describeCommandError(parsed.error);
  },
};

export function keyChoices(typed: string): readonly Choice[] {
  const wanted = typed.trim().toLowerCase();
  return settingKeys
    .map((key) => ({ name: `${key}: ${settingsTable[key].does}`, value: key }))
    .filter(({ name }) => name.toLowerCase().includes(wanted));
}

/** The words that the setting takes; where it also takes others, the typed text comes first. */
export function valueChoices(key: string, typed: string): readonly Choice[] {
  const control = isSettingKey(key) ? controlOf(key) : null;
  switch (control?.type) {
    case 'choices':
      return suggest(control.choices, control.others ? typed : '');
    case 'channel':
    case 'role':
      return suggest(['unset'], typed);
    case 'roles':
      return suggest(['unset', 'manage-server'], typed);
    default:
      return suggest([], typed);
  }
}
