import { z } from 'zod';
import type { SettingSection } from './setting-kinds.ts';
import { settingsTable } from './settings-table.ts';

type SettingsTable = typeof settingsTable;
export type SettingKey = keyof SettingsTable;

/** The settings of one guild: a value for every row of the settings table. */
export type Settings = { readonly [K in SettingKey]: z.infer<SettingsTable[K]['schema']> };

/** All keys, in the table's order. */
export const settingKeys = Object.keys(settingsTable) as readonly SettingKey[];

/** What a guild has that has changed nothing. */
export const defaultSettings = columnOf('default') as Settings;

/** Accepts the settings of a guild: every key and no others. */
export const settingsSchema = z.strictObject(columnOf('schema') as { [K in SettingKey]: SettingsTable[K]['schema'] });

export function isSettingKey(text: string): text is SettingKey {
  return Object.hasOwn(settingsTable, text);
}

/** The settings of a section, in the table's order. */
export function settingKeysIn(section: SettingSection): readonly SettingKey[] {
  return settingKeys.filter((key) => settingsTable[key].section === section);
}

/** One column of the settings table, by key. */
function columnOf(column: 'default' | 'schema'): Readonly<Record<string, unknown>> {
  return Object.fromEntries(settingKeys.map((key) => [key, settingsTable[key][column]]));
}
