import { isDeepStrictEqual } from 'node:util';
import {
  defaultSettings,
  describeSetting,
  manageServerActions,
  roleSetting,
  type SettingKey,
  type Settings,
  settingText,
} from '../../domain/settings.ts';
import { keysOf, type Section, sections, sectionTitles } from '../settings/sections.ts';
import { type Card, fitLines } from '../framework/embed.ts';
import { codeText } from './escape-text.ts';
import { listWords, mentionChannel, mentionRole } from './phrases.ts';

const manageServerKeys: readonly SettingKey[] = manageServerActions.map(roleSetting);

/** A setting's value as Discord shows it: channels and roles by name. */
export function describeValue(key: SettingKey, value: Settings[SettingKey]): string {
  const isRoles = key.startsWith('roles.') && key !== 'roles.customer';
  if (isRoles && value === null) {
    return `default: ${manageServerKeys.includes(key) ? 'Manage Server' : 'Moderate Members'}`;
  }
  if (isRoles && Array.isArray(value)) {
    return value.length === 0 ? 'Manage Server alone' : listWords(value.map((id) => mentionRole(String(id))));
  }
  if (value === null && (key.startsWith('channels.') || key === 'roles.customer')) return 'none';
  if (key === 'roles.customer') return mentionRole(String(value));
  if (key.startsWith('channels.') && key !== 'channels.validMode') return mentionChannel(String(value));
  if (key.startsWith('forgetAfter.') && typeof value === 'number') return describeMinutes(value);
  return codeText(settingText(value, key));
}

function describeMinutes(minutes: number): string {
  if (minutes % 1440 === 0) return codeText(`${minutes / 1440}d`);
  return codeText(minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`);
}

/** One setting; what is not as it comes stands in bold. */
export function describeSettingLine(key: SettingKey, settings: Settings): string {
  const text = `${key}: ${describeValue(key, settings[key])}`;
  return isDeepStrictEqual(settings[key], defaultSettings[key]) ? text : `**${text}**`;
}

/** All settings on one card, as far as they fit. */
export function describeSettings(settings: Settings): Card {
  return {
    title: 'Settings',
    lines: ['Bold: changed. `/settings edit` changes them, and explains each.'],
    fields: sections.map((section) => {
      const lines = keysOf(section).map((key) => describeSettingLine(key, settings));
      return [sectionTitles[section], fitLines(lines, 1024), false] as const;
    }),
  };
}

/** One section with what each setting does. */
export function describeSection(section: Section, settings: Settings): Card {
  const lines = keysOf(section).flatMap((key) => [describeSettingLine(key, settings), `-# ${describeSetting(key)}`]);
  return { title: `Settings: ${sectionTitles[section]}`, lines };
}
