import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LicenseWorld, startLicenseWorld } from '../support/license-world.ts';
import { valueOf } from '../support/open-services.ts';

let world: LicenseWorld;
beforeAll(async () => {
  world = await startLicenseWorld();
});
afterAll(() => world.stop());

/** Opens the history of a license from its card. */
async function historyOf(userId: string, key: string) {
  const { discord, guildId, channelId } = world;
  const card = await discord.user(userId).command(guildId, channelId, 'license info', { license: key });
  const { reply } = await discord.user(userId).click(card.reply!, 'History');
  return reply!;
}

test('the card of a license leads to its history, whose steps staff undo', async () => {
  const { discord, staff, staffId, buyerId, check } = world;
  const { license, key } = await world.issue({ ownerId: buyerId });
  await staff('license edit', { license: key, 'hwid-limit': '7' });
  await staff('license suspend', { license: key, reason: 'chargeback' });

  const history = await historyOf(staffId, key);
  expect(history.ephemeral).toBe(true);
  const lines = history.text.split('\n').filter((line) => line.includes(`(#${license.id})`));
  expect(lines.map((line) => /^\d/.exec(line)?.[0])).toEqual(['1', '2', '3']);
  expect(lines[0]).toMatch(new RegExp(`<@${staffId}> \\*\\*suspended\\*\\* .*“chargeback”`));
  expect(lines[1]).toContain('HWIDs inherit → 7');
  const menu = history.selects.find(({ placeholder }) => placeholder === 'Undo …')!;
  expect(menu.options.map(({ label }) => label)).toEqual(['1. license suspended', '2. license changed']);

  const undo = (index: number) => discord.user(staffId).select(history, menu.customId, [menu.options[index]!.value]);
  const resumed = await undo(0);
  expect(resumed.reply?.text).toContain('is no longer suspended');
  expect(await check({ key })).toBe('granted');
  expect((await undo(0)).reply?.text).toContain('the license was changed since');

  expect((await undo(1)).reply?.text).toContain('is again as it was before that change');
  expect((await world.license(license.id)).limits.hwid).toBe('inherit');
  const after = await historyOf(staffId, key);
  expect(after.text).toMatch(new RegExp(`1\\. .*<@${staffId}> \\*\\*changed\\*\\* .*HWIDs 7 → inherit, put back: yes`));
});

test('staff undo what they may do themselves, and no more', async () => {
  const { discord, staff, manager, managerId, staffId, services, by } = world;
  const { license, key } = await world.issue();
  await staff('license suspend', { license: key });
  const opened = await historyOf(staffId, key);
  const menu = opened.selects.find(({ placeholder }) => placeholder === 'Undo …')!;
  valueOf(await services.settings.patch({ ...by, patch: { 'roles.license.suspend': [] } }));
  const refused = await discord.user(staffId).select(opened, menu.customId, [menu.options[0]!.value]);
  expect(refused.reply?.text).toContain('license.suspend');
  expect((await world.license(license.id)).holds).toHaveLength(1);
  expect((await historyOf(staffId, key)).selects).toEqual([]);
  expect((await historyOf(managerId, key)).selects).toHaveLength(1);

  valueOf(await services.settings.patch({ ...by, patch: { 'roles.logs': [] } }));
  const card = await staff('license info', { license: key });
  expect(card.reply?.buttons.map(({ label }) => label)).not.toContain('History');
  valueOf(await services.settings.patch({ ...by, patch: { 'roles.logs': null, 'roles.license.suspend': null } }));
  await manager('license resume', { license: key });
});

test('older pages keep the numbers and the menu of their own lines', async () => {
  const { discord, staff, staffId } = world;
  const { key } = await world.issue();
  await staff('license suspend', { license: key });
  for (let index = 0; index < 11; index += 1) await staff('license edit', { license: key, note: `note ${index}` });
  const newest = await historyOf(staffId, key);
  const labels = ({ selects }: typeof newest) => selects.flatMap(({ options }) => options.map(({ label }) => label));
  expect(labels(newest)).toEqual(['1. license changed']);
  const older = await discord.user(staffId).click(newest.id, 'Older ▶');
  expect(labels(older.reply!)).toEqual(['2. license suspended']);
});
