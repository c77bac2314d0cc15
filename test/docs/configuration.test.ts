import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { configKeys } from '../../config/schema.ts';
import { settingText } from '../../src/domain/settings/parse-setting.ts';
import { defaultSettings, settingKeys } from '../../src/domain/settings/settings.ts';
import { settingsTable } from '../../src/domain/settings/settings-table.ts';
import { staffActions } from '../../src/domain/settings/staff-actions.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const cells = [...page.matchAll(/^\| `([^`]+)` +\| ([^|]*?) +\|/gm)].map(([, key = '', cell]) => [key, cell] as const);
const rows = cells.map(([key]) => key);

test('the configuration page has a row for every key of a process and every setting of a guild, and no others', () => {
  const environmentOnly = ['discord.token', 'discord.clientId', 'discord.apiUrl', 'mongodbUri'];
  const actionLists = staffActions.map((action) => `roles.${action}`);
  const settings = settingKeys.filter((key) => !actionLists.includes(key));
  const keys = configKeys.filter((key) => !environmentOnly.includes(key));
  expect(rows.toSorted()).toEqual([...keys, ...settings, 'roles.<action>'].toSorted());
});

test('the configuration page names every action that a role list can be given for', () => {
  for (const action of staffActions) expect(page).toContain(`\`${action}\``);
});

test('the configuration page gives the default of every setting, as the command line writes it', () => {
  const defaults = new Map(cells);
  for (const key of settingKeys) {
    const row = settingsTable[key].input.type === 'role-list' ? 'roles.<action>' : key;
    expect([key, defaults.get(row)]).toEqual([key, `\`${settingText(defaultSettings[key], key)}\``]);
  }
});
