import { defaultSettings, type SettingKey, type Settings, settingKeysIn } from '../../domain/settings/settings.ts';
import { settingsTable } from '../../domain/settings/settings-table.ts';
import type { SettingSection } from '../../domain/settings/setting-kinds.ts';
import { settingText } from '../../domain/settings/parse-setting.ts';
import type { Reply, Modal, Row } from '../framework/reply.ts';
import { button, channelSelect, roleSelect, row, select, textModal } from '../framework/components.ts';
import { askFirst } from '../framework/ask-first.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { ellipsize } from '../texts/ellipsize.ts';
import { embed } from '../framework/embed.ts';
import { describeSection, describeSettingLine, describeValue } from '../texts/settings.ts';
import { describeOutcome, type SettingsOutcome } from './change-setting.ts';
import { controlOf } from './setting-control.ts';

/** Handlers of `/settings`. Unless stated otherwise, a handler's state is the key of a setting. */
export const settingHandlers = {
  /** Shows a section; its state is the section. */
  section: 'settings-section',
  /** Shows the setting that was picked; no state. */
  pick: 'settings-pick',
  /** Sets the setting to what was picked in a select. */
  value: 'settings-value',
  /** Sets the setting to the second part of the state. */
  put: 'settings-put',
  /** Opens a modal for the value, then sets it. */
  type: 'settings-type',
  /** Sets a limit to 0 after a yes. */
  zero: 'settings-zero',
} as const;

/** A section with a menu of its settings. */
export function sectionReply(context: GuildContext, section: SettingSection, settings: Settings): Reply {
  const options = settingKeysIn(section).map((key) => ({
    label: key,
    value: key,
    description: settingsTable[key].does,
  }));
  return {
    embeds: [embed(describeSection(section, settings))],
    rows: [row(select(context.customId(settingHandlers.pick), 'Change a setting', options))],
    postable: true,
  };
}

/** One setting with the components that change it, below the outcome of the last change. */
export function settingReply(context: GuildContext, key: SettingKey, outcome: SettingsOutcome): Reply {
  const { settings } = outcome;
  const lines = [
    describeSettingLine(key, settings),
    `-# As it comes: ${describeValue(key, defaultSettings[key])}`,
    settingsTable[key].does,
  ];
  return {
    content: describeOutcome(outcome),
    embeds: [embed({ title: key, lines })],
    rows: controlRows(context, key),
    postable: true,
  };
}

function controlRows(context: GuildContext, key: SettingKey): readonly Row[] {
  const { customId } = context;
  const control = controlOf(key);
  const put = (value: string, label: string) => button(customId(settingHandlers.put, [key, value]), label);
  const type = button(customId(settingHandlers.type, [key]), 'Write it', 'primary');
  const back = button(customId(settingHandlers.section, [settingsTable[key].section]), 'Back');
  const valueId = () => customId(settingHandlers.value, [key]);
  switch (control.type) {
    case 'channel':
      return [row(channelSelect(valueId(), 'Choose a channel')), row(put('unset', 'None'), back)];
    case 'role':
      return [row(roleSelect(valueId(), 'Choose a role')), row(put('unset', 'None'), back)];
    case 'roles':
      return [
        row(roleSelect(valueId(), 'Choose roles', 25)),
        row(put('unset', 'As it comes'), put('manage-server', 'Manage Server alone'), back),
      ];
    case 'choices': {
      const options = control.choices.map((value) => ({ label: value, value }));
      return [row(select(valueId(), 'Choose', options)), control.others ? row(type, back) : row(back)];
    }
    case 'text':
      return [row(type, back)];
  }
}

/** The modal for a setting that is typed. */
export function settingModal({ customId, settings }: GuildContext, key: SettingKey): Modal {
  const value = settingText(settings[key], key);
  return textModal(customId(settingHandlers.type, [key]), ellipsize(key, 45), [
    { id: 'value', label: 'Value', description: settingsTable[key].does, value, maxLength: 500 },
  ]);
}

/** Asks before a limit becomes 0, since people who type 0 mostly mean "unlimited". */
export function askAboutZero(context: GuildContext, key: SettingKey): Reply {
  return askFirst(context, {
    title: `${key}: 0?`,
    lines: [
      'A limit of 0 lets nobody in, not even what is bound already: every license without its own limit stops working.',
      'For no limit at all, cancel and choose `unlimited`.',
    ],
    label: 'Set it to 0',
    handler: settingHandlers.zero,
    state: [key],
  });
}
