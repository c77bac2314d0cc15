import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LicenseWorld, startLicenseWorld } from '../support/license-world.ts';
import { valueOf } from '../support/open-services.ts';

let world: LicenseWorld;
beforeAll(async () => {
  world = await startLicenseWorld();
});
afterAll(() => world.stop());

test('staff are told of a HWID that identifies no machine, and refuse such HWIDs with one press', async () => {
  const { discord, services, by, guildId, channelId, managerId, staffId, buyerId } = world;
  valueOf(await services.settings.patch({ ...by, patch: { 'channels.alerts': channelId } }));
  const { license, key } = await world.issue({ ownerId: buyerId });
  expect(await world.check({ key, hwid: 'To be filled by O.E.M.' })).toBe('granted');

  const alert = await discord.until(() =>
    discord.messages(channelId).find(({ text }) => text.includes('identifies no machine')),
  );
  expect(alert.text).toContain(`License ${license.id}`);
  const menu = alert.selects[0]!;
  const act = (userId: string) => discord.user(userId).select(alert, menu.customId, ['placeholders:']);
  const shown = await act(managerId);
  expect(shown.reply?.text).toContain('All of them count as one machine');
  const asStaff = await discord.user(staffId).click((await act(staffId)).reply!, 'Refuse them');
  await asStaff.until(({ followUps }) => followUps.length === 1);
  expect(asStaff.followUps[0]?.text).toContain('Manage Server');
  expect(await world.check({ key, hwid: 'To be filled by O.E.M.' })).toBe('granted');

  const refused = await discord.user(managerId).click(shown.reply!, 'Refuse them');
  expect(refused.reply?.text).toContain('hwid.placeholders: `alert` → `refuse`');
  expect(valueOf(await services.settings.view(guildId))['hwid.placeholders']).toBe('refuse');
  expect(await world.check({ key, hwid: 'To be filled by O.E.M.' })).toBe('malformed');
  const card = await world.staff('license info', { license: key });
  expect(card.reply?.text).toContain('which any number of machines have');
  expect(card.reply?.text).toContain('`To be filled by O.E.M.` (identifies no machine), last seen');
  expect((await world.staff('logs')).reply?.text).toContain('(identifies no machine)');
});
