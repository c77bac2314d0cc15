import {
  defaultSettings,
  describeSetting,
  type SettingKey,
  type Settings,
  settingText,
} from '../../domain/settings.ts';
import type { Reply, Modal, Row } from '../framework/reply.ts';
import { button, channelSelect, roleSelect, row, select, textModal } from '../framework/components.ts';
import { askFirst } from '../framework/ask-first.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { ellipsize } from '../texts/ellipsize.ts';
import { embed } from '../framework/embed.ts';
import { describeSection, describeSettingLine, describeValue } from '../texts/settings.ts';
import { describeOutcome, type SettingsOutcome } from './change-setting.ts';
import { keysOf, sectionOf, type Section } from './sections.ts';
import { inputOf } from './setting-input.ts';

/** Handlers of `/settings`. The state of all but `section` is the setting's key. */
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
export function sectionReply(context: GuildContext, section: Section, settings: Settings): Reply {
  const options = keysOf(section).map((key) => ({ label: key, value: key, description: describeSetting(key) }));
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
    describeSetting(key),
  ];
  return {
    content: describeOutcome(outcome),
    embeds: [embed({ title: key, lines })],
    rows: inputRows(context, key),
    postable: true,
  };
}

function inputRows(context: GuildContext, key: SettingKey): readonly Row[] {
  const { customId } = context;
  const input = inputOf(key);
  const put = (value: string, label: string) => button(customId(settingHandlers.put, [key, value]), label);
  const type = button(customId(settingHandlers.type, [key]), 'Write it', 'primary');
  const back = button(customId(settingHandlers.section, [sectionOf(key)]), 'Back');
  const valueId = () => customId(settingHandlers.value, [key]);
  switch (input.type) {
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
      const options = input.choices.map((value) => ({ label: value, value }));
      return [row(select(valueId(), 'Choose', options)), input.others ? row(type, back) : row(back)];
    }
    case 'text':
      return [row(type, back)];
  }
}

/** The modal for a setting that is typed. */
export function settingModal({ customId, settings }: GuildContext, key: SettingKey): Modal {
  const value = settingText(settings[key], key);
  return textModal(customId(settingHandlers.type, [key]), ellipsize(key, 45), [
    { id: 'value', label: 'Value', description: describeSetting(key), value, maxLength: 500 },
  ]);
}

/** A limit of 0 is mostly meant as "unlimited". */
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
