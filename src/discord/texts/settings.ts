import { isDeepStrictEqual } from 'node:util';
import { defaultSettings, type SettingKey, type Settings, settingKeysIn } from '../../domain/settings/settings.ts';
import { manageServerActions, roleSetting } from '../../domain/settings/staff-actions.ts';
import { settingText } from '../../domain/settings/parse-setting.ts';
import { settingsTable } from '../../domain/settings/settings-table.ts';
import { type SettingSection, settingSections } from '../../domain/settings/setting-kinds.ts';
import { sectionTitles } from '../settings/sections.ts';
import { type Card, fitLines } from '../framework/embed.ts';
import { codeText } from './escape-text.ts';
import { listWords, mentionChannel, mentionRole } from './phrases.ts';

const manageServerKeys: readonly SettingKey[] = manageServerActions.map(roleSetting);

/** A setting's value as Discord shows it: channels and roles by name. */
export function describeValue(key: SettingKey, value: Settings[SettingKey]): string {
  switch (settingsTable[key].input.type) {
    case 'role-list':
      return Array.isArray(value) ? describeRoles(value.map(String)) : describeDefaultPermission(key);
    case 'role':
      return value === null ? 'none' : mentionRole(String(value));
    case 'channel':
      return value === null ? 'none' : mentionChannel(String(value));
    case 'minutes':
      return typeof value === 'number' ? describeMinutes(value) : codeText(settingText(value, key));
    default:
      return codeText(settingText(value, key));
  }
}

function describeRoles(roleIds: readonly string[]): string {
  return roleIds.length === 0 ? 'Manage Server alone' : listWords(roleIds.map(mentionRole));
}

function describeDefaultPermission(key: SettingKey): string {
  return `default: ${manageServerKeys.includes(key) ? 'Manage Server' : 'Moderate Members'}`;
}

function describeMinutes(minutes: number): string {
  if (minutes % 1440 === 0) return codeText(`${minutes / 1440}d`);
  return codeText(minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`);
}

/** One setting with its value, in bold where it is not the default. */
export function describeSettingLine(key: SettingKey, settings: Settings): string {
  const text = `${key}: ${describeValue(key, settings[key])}`;
  return isDeepStrictEqual(settings[key], defaultSettings[key]) ? text : `**${text}**`;
}

/** All settings on one card, as many as fit. */
export function describeSettings(settings: Settings): Card {
  return {
    title: 'Settings',
    lines: ['Bold: changed. `/settings edit` changes them, and explains each.'],
    fields: settingSections.map((section) => {
      const lines = settingKeysIn(section).map((key) => describeSettingLine(key, settings));
      return [sectionTitles[section], fitLines(lines, 1024), false] as const;
    }),
  };
}

/** One section with what each setting does. */
export function describeSection(section: SettingSection, settings: Settings): Card {
  const lines = settingKeysIn(section).flatMap((key) => [
    describeSettingLine(key, settings),
    `-# ${settingsTable[key].does}`,
  ]);
  return { title: `Settings: ${sectionTitles[section]}`, lines };
}
