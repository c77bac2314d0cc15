import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LicenseWorld, startLicenseWorld } from '../support/license-world.ts';
import { valueOf } from '../support/open-services.ts';

let world: LicenseWorld;
beforeAll(async () => {
  world = await startLicenseWorld();
});
afterAll(() => world.stop());

test('who leaves is suspended by the server’s setting, and their return offers staff to resume it', async () => {
  const { discord, services, by, guildId, channelId, buyerId, staffId } = world;
  const patch = { 'member.onLeave': 'suspend', 'channels.alerts': channelId } as const;
  valueOf(await services.settings.patch({ ...by, patch }));
  const { license, key } = await world.issue({ ownerId: buyerId });
  // They share another server with the bot, so its DMs still reach them.
  discord.addMember(discord.addGuild({ name: 'Elsewhere', ownerId: world.managerId }), buyerId);
  discord.removeMember(guildId, buyerId);
  const notice = await discord.until(() => discord.dms(buyerId).find(({ text }) => text.includes('was suspended')));
  const reason = 'Owner left the server \\(automatic: member.onLeave\\)';
  expect(notice.text).toContain(`Reason: ${reason}`);
  expect((await world.staff('license info', { license: key })).reply?.text).toMatch(
    /Suspended because its owner left the server or was banned <t:\d+:R>: Owner left the server/,
  );

  discord.addMember(guildId, buyerId);
  const alert = await discord.until(() => discord.messages(channelId).find(({ text }) => text.includes('is back')));
  const menu = alert.selects[0]!;
  const shown = await discord.user(staffId).select(alert, menu.customId, [`returned:${buyerId}`]);
  expect(shown.reply?.text).toContain(`(#${license.id})`);
  const resumed = await discord.user(staffId).click(shown.reply!, 'Resume 1 license');
  expect(resumed.reply?.text).toContain(`1 license of <@${buyerId}> is no longer suspended because they left.`);
  expect(await world.check({ key })).toBe('granted');
  const again = await discord.user(staffId).select(alert, menu.customId, [`returned:${buyerId}`]);
  expect(again.reply?.text).toContain('No license of');
});
