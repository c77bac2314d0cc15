import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { configKeys } from '../../config/schema.ts';
import { settingKeys, staffActions } from '../../src/domain/settings.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([^`]+)` +\|/gm)].map((match) => match[1]);

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
