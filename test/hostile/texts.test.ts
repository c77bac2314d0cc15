import { afterEach, expect, test } from '@jest/globals';
import { type LocalDiscord, startLocalDiscord } from '../../playground/discord/local-discord.ts';
import { by, valueOf } from '../support/open-services.ts';
import { useShops } from '../support/running-shop.ts';

const startShop = useShops();
let discord: LocalDiscord | undefined;
afterEach(() => discord?.stop());

const nobody = { everyone: false, users: [], roles: [] };

test('whatever strangers and staff write, nobody is pinged, all of it stays on its line, and nothing is too long', async () => {
  discord = await startLocalDiscord({ rateLimits: false });
  const [managerId, buyerId] = ['manager', 'buyer'].map((username) => discord!.addUser({ username })) as [
    string,
    string,
  ];
  const guildId = discord.addGuild({ name: 'Shop', ownerId: managerId });
  const roleId = discord.addRole(guildId, { name: 'Staff' });
  const [failed, admin] = ['failed', 'admin'].map((name) => discord!.addChannel(guildId, { name })) as [string, string];
  discord.addMember(guildId, buyerId);
  const hostile = `@everyone @here <@${managerId}> <@&${roleId}> **b** \`c\` ||d|| [e](https://e.example) # f\n> g\n\u001b[31mred\u202e\r\nFORGED`;

  const shop = await startShop({ DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url });
  const { services } = shop;
  const here = by(guildId);
  await services.guilds.ensure({ id: guildId, name: hostile });
  const name = hostile.replace(/\p{Cc}|\u202e/gu, ' ').slice(0, 90);
  valueOf(await services.settings.patch({ ...here, patch: { 'channels.failed': failed, 'channels.admin': admin } }));
  const { product } = valueOf(await services.products.create({ ...here, name, version: '1.0.0' }));
  const { secret } = valueOf(await services.apiKeys.create({ ...here, name }));
  const input = { ...here, product: null, mayManage: true, name, note: name, order: name, ownerId: buyerId };
  const { key, license } = valueOf(await services.licenses.issue(input)).issued[0]!;
  await shop.app.botStarted;

  const long = `${hostile} ${'x'.repeat(900)}`.slice(0, 1_000);
  const agent = `@everyone <@${managerId}> <@&${roleId}> ${'y'.repeat(9_000)}`;
  for (const fields of [
    { version: long },
    { product: long },
    { hwid: long, version: long },
    { ip: long, version: long },
    { licensekey: long },
  ]) {
    const asked = { licensekey: key, product: product.name, ...fields };
    expect((await shop.check(secret, asked, { 'user-agent': agent })).status).toBeGreaterThanOrEqual(400);
  }
  valueOf(await services.licenses.suspend({ ...here, licenseId: license.id, reason: name }));
  await discord.until(() => [failed, admin].every((channelId) => discord!.messages(channelId).length > 0));
  await discord.until(() => JSON.stringify(discord!.dms(buyerId)).includes('suspended'));

  const posted = [...discord.messages(failed), ...discord.messages(admin)];
  const written = discord.dms(buyerId);
  for (const message of [...posted, ...written]) {
    // What Discord would ping for the text that was sent and what it was told to allow.
    expect(message.pings).toEqual(nobody);
    expect(message.text.length).toBeLessThanOrEqual(6_000);

    expect(message.text).not.toMatch(/\u001b|\u202e|\r/);
    expect(message.text).not.toMatch(/^(FORGED|> g|# f)/m);
    expect(message.text).not.toContain('](https://e.example)');
  }
  const refusals = discord
    .messages(failed)
    .map(({ text }) => text)
    .join('\n');
  expect(refusals).toContain('5 refused checks');
  // A line for each of the five below the title, whatever stands in them.
  expect(refusals.split('\n').filter((line) => line.includes('\u26d4'))).toHaveLength(5);

  await shop.app.stop();
  for (const line of shop.logged().trimEnd().split('\n')) {
    expect(() => JSON.parse(line) as unknown).not.toThrow();

    expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
  }
  expect(shop.logged()).toContain('The bot is connected');
}, 30_000);
