import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LicenseWorld, startLicenseWorld } from '../support/license-world.ts';
import { valueOf } from '../support/open-services.ts';

const label = 'Let addresses follow HWIDs';

let world: LicenseWorld;
beforeAll(async () => {
  world = await startLicenseWorld();
});
afterAll(() => world.stop());

test('a machine whose addresses are refused is offered the mode, on the alert and on the card, by who may set it', async () => {
  const { discord, services, by, channelId, staffId, managerId } = world;
  valueOf(await services.settings.patch({ ...by, patch: { 'channels.alerts': channelId } }));
  const { license, key } = await world.issue({ limits: { ip: '2', hwid: '1' } });
  const come = (last: number) => world.check({ key, hwid: 'board', observedIp: `198.51.100.${last}` });
  expect([await come(1), await come(2), await come(3)]).toEqual(['granted', 'granted', 'ip-limit']);

  const alert = await discord.until(() =>
    discord.messages(channelId).find(({ text }) => text.includes('one HWID from')),
  );
  expect(alert.text).toContain(`License ${license.id}`);
  const refused = await discord.user(staffId).click(alert, label);
  expect(refused.reply?.text).toContain('You cannot do this');

  const asked = await discord.user(managerId).click(alert, label);
  expect(asked.reply?.ephemeral).toBe(true);
  expect(asked.reply?.text).toContain('all licenses of this server');
  await discord.user(managerId).click(asked.reply!, 'Cancel');
  expect(await come(3)).toBe('ip-limit');

  const card = await world.manager('license info', { license: key });
  expect(card.reply?.text).toContain('HWID `board` comes from 3 addresses');
  const again = await discord.user(managerId).click(card.reply!, label);
  const done = await discord.user(managerId).click(again.reply!, 'Set it for all licenses');
  expect(done.reply?.text).toContain('limits.ipMode: `strict` → `follow-hwid`');
  expect(await come(3)).toBe('granted');

  expect((await world.manager('license info', { license: key })).reply?.text).not.toContain('comes from');
  const late = await discord.user(managerId).click(alert, label);
  expect(late.reply?.text).toContain('already');
});
