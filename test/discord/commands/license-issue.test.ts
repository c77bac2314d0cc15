import { savedStateNote } from '../../../src/domain/notes.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  dmSpacingMs,
  embedText,
  type LicenseWorld,
  publicText,
  startLicenseWorld,
} from '../../support/license-world.ts';
import { valueOf } from '../../support/open-services.ts';

const keyText = /[A-Z2-9]{5}(?:-[A-Z2-9]{5}){4}/;

describe('/license issue', () => {
  let world: LicenseWorld;
  beforeAll(async () => {
    world = await startLicenseWorld();
  });
  afterAll(() => world.stop());

  const newest = async () => {
    const { services, guildId } = world;
    return (await services.licenses.list(guildId, {}, { limit: 1, beforeId: null }))[0]!.license;
  };

  test('the owner gets the key alone in a DM, and staff do not see it', async () => {
    const { discord, buyerId, staff, services, by } = world;
    const { reply, followUps } = await staff('license issue', { user: buyerId, expires: '30d', note: 'Paid in cash' });
    const license = await newest();
    const { key } = valueOf(await services.licenses.reveal({ ...by, licenseId: license.id }));
    expect(reply?.ephemeral).toBe(true);
    expect(reply?.text).toContain('1 license issued');
    expect(reply?.text).not.toContain(key);
    expect(reply?.text).not.toContain('Paid in cash');
    expect(reply?.files).toEqual([]);
    expect(followUps).toEqual([]);
    const last = await discord.until(() => discord.dms(buyerId).find(({ content }) => content === key));
    expect(last.embeds).toEqual([]);
    expect(license).toMatchObject({ ownerId: buyerId, note: 'Paid in cash', expiry: { type: 'duration', days: 30 } });
  });

  test('closed DMs are reported, and a pick-up gives the key to its owner alone', async () => {
    const { discord, staff, guildId, channelId, staffId } = world;
    const closed = discord.addUser({ username: 'closed' });
    discord.addMember(guildId, closed);
    discord.closeDms(closed);
    world.advance(dmSpacingMs);
    const issued = await staff('license issue', { user: closed });
    await issued.until(({ reply }) => reply?.content.includes('their DMs are closed') === true);
    await discord.user(staffId).starting.click(issued.reply!, 'Post pick-up here');
    const posted = await discord.until(() => discord.notifications(closed)[0]);
    expect(posted.ephemeral).toBe(false);
    expect(posted.text).not.toMatch(keyText);
    const stolen = await discord.user(staffId).click(posted, 'Show my key');
    expect(stolen.reply?.text).toContain('Only');
    const shown = await discord.user(closed).click(posted, 'Show my key');
    await shown.until(({ followUps }) => followUps.length === 1);
    expect(shown.followUps[0]?.content).toMatch(keyText);
    expect(shown.followUps[0]?.ephemeral).toBe(true);
    expect(discord.messages(channelId).some(({ ephemeral }) => !ephemeral)).toBe(true);
    expect(publicText(world)).not.toMatch(keyText);
  });

  test('unclaimed keys come as a file, and posting the reply posts none of them', async () => {
    const { discord, staff, staffId } = world;
    const { reply } = await staff('license issue', { amount: 3 });
    const keys = reply!.files[0]!.text.trim().split('\n');
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(keyText);
    expect(embedText(reply!)).not.toMatch(keyText);
    const posted = await discord.user(staffId).click(reply!, 'Post here');
    expect(posted.reply?.text).toContain('3 licenses issued');
    expect(posted.reply?.files).toEqual([]);
    expect(publicText(world)).not.toMatch(keyText);
  });

  test('a single unclaimed key is also a message of its own', async () => {
    const issued = await world.staff('license issue', { key: 'SHOP-12345-abcde' });
    await issued.until(({ followUps }) => followUps.length === 1);
    expect(issued.followUps[0]?.content).toBe('SHOP-12345-abcde');
    expect(issued.followUps[0]?.ephemeral).toBe(true);
  });

  test('quotes that were copied along are no part of a supplied key', async () => {
    const { staff, manager, check } = world;
    const issued = await staff('license issue', { key: '`Old-Shop-Key-0001`' });
    await issued.until(({ followUps }) => followUps.length > 0);
    expect(issued.followUps.map(({ content }) => content)).toEqual(['Old-Shop-Key-0001']);
    expect(await check({ key: 'Old-Shop-Key-0001' })).toBe('granted');
    await manager('license rekey', { license: String((await newest()).id), key: '“Old-Shop-Key-0002”' });
    expect(await check({ key: 'Old-Shop-Key-0002' })).toBe('granted');
  });

  test('a supplied key that exists is refused, naming its license', async () => {
    const { license, key } = await world.issue({ key: 'TAKEN-1' });
    const { reply } = await world.staff('license issue', { key });
    expect(reply?.text).toContain(`license ${license.id}`);
  });

  test('the same order of the same product is asked about once, and made then', async () => {
    const { discord, staff, staffId, services, guildId } = world;
    await world.issue({ order: 'INV-1' });
    const asked = await staff('license issue', { order: 'INV-1' });
    expect(asked.reply?.text).toContain('INV\\-1');
    const count = () => services.licenses.count(guildId, { order: 'INV-1' });
    expect(await count()).toBe(1);
    await discord.user(staffId).click(asked.reply!, 'Issue');
    expect(await count()).toBe(2);
  });

  test('a question about a supplied key asks for it again, because it was saved nowhere', async () => {
    const { discord, staff, staffId, storage } = world;
    await world.issue({ order: 'INV-2' });
    const asked = await staff('license issue', { order: 'INV-2', key: 'SECRET-KEY-OF-INV-2' });
    const saved = await Promise.all(
      [0, 1, 2, 3, 4, 5, 6, 7].map((slot) => storage.note(savedStateNote(staffId, String(slot)))),
    );
    expect(saved.join()).toContain('INV-2');
    expect(saved.join()).not.toContain('SECRET-KEY');
    const opened = await discord.user(staffId).click(asked.reply!, 'Issue');
    const made = await discord.user(staffId).submitModal(opened.modal!, { Key: 'SECRET-KEY-OF-INV-2' });
    expect(made.reply?.text).toContain('1 license issued');
  });

  test('a limit of 0 is asked about first', async () => {
    const { discord, staff, staffId } = world;
    const before = await newest();
    const asked = await staff('license issue', { 'ip-limit': '0' });
    expect(asked.reply?.text).toContain('lets nobody in');
    expect((await newest()).id).toBe(before.id);
    await discord.user(staffId).click(asked.reply!, 'Issue');
    expect((await newest()).limits.ip).toBe(0);
  });

  test('cancelling a question makes nothing', async () => {
    const { discord, staff, staffId } = world;
    const before = await newest();
    const asked = await staff('license issue', { 'hwid-limit': '0' });
    const cancelled = await discord.user(staffId).click(asked.reply!, 'Cancel');
    expect(cancelled.reply?.text).toBe('Nothing was changed.');
    expect((await newest()).id).toBe(before.id);
  });

  test('only Manage Server may issue staff licenses', async () => {
    const refused = await world.staff('license issue', { staff: true });
    expect(refused.reply?.text).toContain('Manage Server');
    await world.manager('license issue', { staff: true });
    expect((await newest()).staff).toBe(true);
  });

  test('staff without Manage Server stop at the daily limit', async () => {
    const { services, by, staff, manager } = world;
    await services.settings.patch({ ...by, patch: { 'issue.perStaffPerDay': 0 } });
    const refused = await staff('license issue');
    expect(refused.reply?.text).toContain('issue.perStaffPerDay');
    const { reply } = await manager('license issue');
    expect(reply?.text).toContain('1 license issued');
    await services.settings.patch({ ...by, patch: { 'issue.perStaffPerDay': 25 } });
  });

  test('a product of another name is refused, and products complete to their ids', async () => {
    const { discord, staff, staffId, guildId, channelId, product } = world;
    const { reply } = await staff('license issue', { product: 'Nothing' });
    expect(reply?.text).toContain('There is no product “Nothing”');
    const typed = await discord.user(staffId).autocomplete(guildId, channelId, 'license issue', 'product', {
      product: 'va',
    });
    expect(typed.choices).toEqual([{ name: 'Vault', value: String(product.id) }]);
  });

  test('a member whose roles are not on the list is refused, with what is missing', async () => {
    const { services, by, discord, guildId, staff, staffRoleId } = world;
    const role = discord.addRole(guildId, { name: 'Sellers' });
    await services.settings.patch({ ...by, patch: { 'roles.license.issue': [role] } });
    const before = await newest();
    const { reply } = await staff('license issue');
    expect(reply?.text).toContain(`<@&${role}>`);
    expect((await newest()).id).toBe(before.id);
    await services.settings.patch({ ...by, patch: { 'roles.license.issue': [staffRoleId] } });
    expect((await staff('license issue')).reply?.text).toContain('1 license issued');
  });
});
