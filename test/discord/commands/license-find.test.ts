import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dayMs } from '../../../src/domain/values/calendar.ts';
import type { GivenFields } from '../../../playground/discord/control/modal-submission.ts';
import { embedText, type LicenseWorld, publicText, startLicenseWorld } from '../../support/license-world.ts';

describe('commands that find licenses and attempts', () => {
  let world: LicenseWorld;
  beforeAll(async () => {
    world = await startLicenseWorld();
  });
  afterAll(() => world.stop());

  const press = (userId: string, reply: { readonly id: string } | undefined, label: string) =>
    world.discord.user(userId).click(reply!.id, label);

  describe('/license info', () => {
    test('shows state, owner, machines and the last denial with its remedy', async () => {
      const { buyerId, staff, check } = world;
      const { license, key } = await world.issue({ ownerId: buyerId, limits: { ip: '1' }, order: 'INV-7' });
      await check({ key, observedIp: '198.51.100.7' });
      await check({ key, observedIp: '203.0.113.5' });
      const { reply } = await staff('license info', { license: String(license.id) });
      expect(reply?.ephemeral).toBe(true);
      expect(reply?.text).toContain('`203.0.113.5` was refused');
      expect(reply?.text).toContain('1 of 1 IP used by `198.51.100.7`');
      expect(reply?.text).toContain(`<@${buyerId}>`);
      expect(reply?.text).toContain('INV-7');
      expect(reply?.text).not.toContain(key);
    });

    test.each(['key', 'quoted key', 'last group', 'order', 'ip', 'hwid'])('finds one license by its %s', async (by) => {
      const mark = by.replace(/\W/g, '').toUpperCase();
      const { license, key } = await world.issue({ key: `FIND-ME-BY-THE-${mark}QQ`, order: `order ${by}` });
      await world.check({ key, observedIp: '192.0.2.44', hwid: `hwid-of-${mark}` });
      const texts: Readonly<Record<string, string>> = {
        key,
        'quoted key': `\`${key}\``,
        'last group': license.keySuffix,
        order: `order ${by}`,
        ip: '192.0.2.44',
        hwid: `hwid-of-${mark}`,
      };
      const { reply } = await world.staff('license info', { license: texts[by]! });
      expect(reply?.text).toContain(by === 'ip' ? 'Which one?' : `License ${license.id}`);
    });

    test('features and metadata are edited in a form on the card', async () => {
      const { license } = await world.issue({ features: { add: ['old'] } });
      const shown = await world.staff('license info', { license: String(license.id) });
      const user = world.discord.user(world.staffId);
      const submit = async (fields: GivenFields) => {
        const opened = await user.click(shown.reply!.id, 'Features and metadata');
        return user.submitModal(opened.modal!, fields);
      };
      const { reply } = await submit({
        'Features to add': 'pro, maps',
        'Features to take away': 'old',
        'Metadata to add or change': 'note=for staff\n* tier = gold = 1',
      });
      expect(reply?.text).toContain('`pro`, `maps`');
      expect(reply?.text).toContain('tier = gold = 1 (programs get it)');
      expect(await world.license(license.id)).toMatchObject({
        features: ['pro', 'maps'],
        metadata: [
          { key: 'note', value: 'for staff', returned: false },
          { key: 'tier', value: 'gold = 1', returned: true },
        ],
      });
      const wrong = await submit({ 'Metadata to add or change': 'tier: silver' });
      expect(wrong.reply?.text).toContain('“tier: silver” is no metadata');
      expect((await world.license(license.id)).metadata[1]?.value).toBe('gold = 1');
    });

    test('of several keys with the same letters and digits one is picked, and a near miss is explained', async () => {
      const twins = [await world.issue({ key: 'info-twin-7' }), await world.issue({ key: 'INFO-TWIN-7' })];
      const { reply } = await world.staff('license info', { license: '**Info twin 7**' });
      expect(reply!.selects[0]?.options.map(({ value }) => value)).toEqual(
        twins.map(({ license }) => String(license.id)),
      );
      const near = await world.staff('license info', { license: 'ABCDE-FGHJK-MNPQR-STUVW' });
      expect(near.reply?.text).toContain('a group is missing');
    });

    test('of several licenses one is picked', async () => {
      const { discord, guildId, staff, staffId } = world;
      const owner = discord.addUser({ username: 'collector' });
      discord.addMember(guildId, owner);
      const [first] = [await world.issue({ ownerId: owner }), await world.issue({ ownerId: owner })];
      const { reply } = await staff('license info', { user: owner });
      const [menu] = reply!.selects;
      expect(menu?.options).toHaveLength(2);
      const picked = await discord.user(staffId).select(reply!, menu!.customId, [String(first.license.id)]);
      expect(picked.reply?.text).toContain(`License ${first.license.id}`);
    });

    test('Post here shows the card to everybody, without note and key', async () => {
      const { staff, staffId } = world;
      const { license, key } = await world.issue({ note: 'a difficult customer' });
      const { reply } = await staff('license info', { license: key });
      expect(reply?.content).toContain('a difficult customer');
      const posted = await press(staffId, reply, 'Post here');
      expect(posted.reply).toMatchObject({ ephemeral: false });
      expect(posted.reply?.text).toContain(`License ${license.id}`);
      expect(publicText(world)).not.toContain('a difficult customer');
      expect(publicText(world)).not.toContain(key);
    });

    test('texts of users are shown literally and ping no user', async () => {
      const { license } = await world.issue({ name: '@everyone **bold** [x](https://e.example)', note: '<@&999> `x`' });
      const { reply } = await world.staff('license info', { license: String(license.id) });
      expect(reply?.text).not.toContain('@everyone');
      expect(reply?.text).not.toContain('**bold**');
      expect(reply?.pings).toEqual({ everyone: false, users: [], roles: [] });
    });

    test('a license of another server is not found, and not offered', async () => {
      const { discord, staff, staffId, foreign, guildId, channelId } = world;
      for (const text of [foreign.key, String(foreign.license.id), foreign.license.keySuffix]) {
        const { reply } = await staff('license info', { license: text });
        expect(reply?.text).toContain('There is no such license in this server');
        const offered = { license: text };
        const typed = await discord.user(staffId).autocomplete(guildId, channelId, 'license info', 'license', offered);
        expect(typed.choices).toEqual([]);
      }
    });

    test('choices are ids, and show no key', async () => {
      const { discord, staffId, guildId, channelId } = world;
      const { license, key } = await world.issue();
      const { choices } = await discord.user(staffId).autocomplete(guildId, channelId, 'license info', 'license');
      expect(choices?.[0]?.value).toBe(String(license.id));
      expect(JSON.stringify(choices)).not.toContain(key);
      expect(JSON.stringify(choices)).toContain(license.keySuffix);
    });
  });

  describe('/license list and search', () => {
    test('pages keep their filters, back and forth', async () => {
      const { discord, guildId, staff, staffId } = world;
      const owner = discord.addUser({ username: 'reseller' });
      discord.addMember(guildId, owner);
      const made: number[] = [];
      for (let index = 0; index < 23; index++) made.push((await world.issue({ ownerId: owner })).license.id);
      const { reply } = await staff('license list', { user: owner });
      const idsOf = (message: { readonly embeds: readonly object[] } | undefined) =>
        [...embedText(message!).matchAll(/\(#(\d+)\)/g)].map(([, id]) => Number(id));
      expect(reply?.text).toContain('23 licenses');
      expect(idsOf(reply)).toEqual(made.toReversed().slice(0, 10));
      const second = await press(staffId, reply, 'Older ▶');
      expect(idsOf(second.reply)).toEqual(made.toReversed().slice(10, 20));
      const third = await press(staffId, second.reply, 'Older ▶');
      expect(idsOf(third.reply)).toEqual(made.toReversed().slice(20));
      const back = await press(staffId, third.reply, '◀ Newer');
      expect(idsOf(back.reply)).toEqual(made.toReversed().slice(10, 20));
    });

    test('filters by state, staff, product and end', async () => {
      const suspended = await world.issue();
      await world.services.licenses.suspend({ ...world.by, licenseId: suspended.license.id, silent: true });
      const ending = await world.issue({ expires: '5d', staff: true });
      const shown = async (options: Record<string, string | number | boolean>) =>
        (await world.staff('license list', options)).reply?.text ?? '';
      expect(await shown({ state: 'suspended' })).toContain(`(#${suspended.license.id})`);
      expect(await shown({ state: 'suspended' })).not.toContain(`(#${ending.license.id})`);
      expect(await shown({ 'expires-within': 7 })).toContain(`(#${ending.license.id})`);
      expect(await shown({ 'expires-within': 2 })).toContain('None.');
      expect(await shown({ staff: true, product: 'vault' })).toContain(`(#${ending.license.id})`);
      expect(await shown({ product: 'Nothing' })).toContain('There is no product');
    });

    test('search says as what it understood the text, and pages through all hits', async () => {
      for (let index = 0; index < 12; index++) await world.issue({ name: `wholesale ${index}` });
      const { reply } = await world.staff('license search', { text: 'WHOLESALE' });
      expect(reply?.text).toContain('12 licenses whose name, note or order has this in it');
      const older = await press(world.staffId, reply, 'Older ▶');
      expect(embedText(older.reply!).match(/\(#\d+\)/g)).toHaveLength(2);
    });

    test('a key that was searched for stands nowhere in the answer', async () => {
      const { key, license } = await world.issue();
      const found = await world.staff('license search', { text: key });
      expect(found.reply?.text).toContain(`(#${license.id})`);
      expect(found.reply?.text).not.toContain(key);
      const foreign = await world.staff('license search', { text: world.foreign.key });
      expect(foreign.reply?.text).toContain('No license found');
      expect(foreign.reply?.text).not.toContain(world.foreign.key);
    });

    test('a member who may not see licenses is refused, and a page button checks that again', async () => {
      const { services, by, staff, staffId, managerId } = world;
      const { reply } = await staff('license list');
      await services.settings.patch({ ...by, patch: { 'roles.license.view': [managerId] } });
      for (const name of ['license list', 'license info', 'license search']) {
        const refused = await staff(name, name.endsWith('search') ? { text: 'x' } : {});
        expect(refused.reply?.text).toContain('You cannot do this');
      }
      const pressed = await press(staffId, reply, 'Older ▶');
      expect(pressed.followUps[0]?.text).toContain('You cannot do this');
      await services.settings.patch({ ...by, patch: { 'roles.license.view': null } });
    });
  });

  describe('/license logs and /logs', () => {
    test('shows the attempts of a license, newest first, with pages', async () => {
      const { license, key } = await world.issue();
      for (let index = 1; index <= 12; index++)
        await world.check({ key, observedIp: '203.0.113.77', version: `v${index}` });
      const { reply } = await world.staff('license logs', { license: String(license.id) });
      expect(reply?.text.indexOf('v12')).toBeLessThan(reply!.text.indexOf('v11'));
      expect(reply?.text).not.toContain('v2 ');
      const older = await press(world.staffId, reply, 'Older ▶');
      expect(older.reply?.text).toContain('v1');
      expect(older.reply?.text).not.toContain('v12');
      expect(older.reply?.text).not.toContain(key);
    });

    test('filters by result, protocol, address, HWID, product and age', async () => {
      const { key } = await world.issue();
      await world.check({ key, observedIp: '192.0.2.200', hwid: 'board-7' });
      await world.check({ key: 'unknown', observedIp: '192.0.2.201' });
      const shown = async (options: Record<string, string>) => (await world.staff('logs', options)).reply?.text ?? '';
      expect(await shown({ ip: '192.0.2.200' })).toContain('✅ granted');
      expect(await shown({ ip: '::ffff:192.0.2.200' })).toContain('✅ granted');
      expect(await shown({ ip: '192.0.2.200', result: 'denied' })).toContain('None.');
      expect(await shown({ result: 'license-unknown' })).toContain('192.0.2.201');
      const narrow = { hwid: 'board-7', protocol: 'tki', product: 'Vault', since: '1h' };
      expect(await shown(narrow)).toContain('192.0.2.200');
      expect(await shown({ hwid: 'board-7', protocol: 'lukittu' })).toContain('None.');
      expect(await shown({ since: 'yesterday' })).toContain('is no duration');
    });

    test('looks for an IP or HWID in the last 30 days, and says so, unless since says otherwise', async () => {
      const { key } = await world.issue();
      await world.check({ key, observedIp: '192.0.2.210', hwid: 'board-8' });
      const shown = async (options: Record<string, string>) => (await world.staff('logs', options)).reply?.text ?? '';
      const rare = [{ hwid: 'board-8', protocol: 'tki' }, { ip: '192.0.2.210' }];
      world.advance(29 * dayMs);
      for (const options of rare) {
        expect(await shown(options)).not.toContain('None.');
        expect(await shown(options)).toMatch(/since: \S/);
      }
      world.advance(2 * dayMs);
      for (const options of rare) {
        expect(await shown(options)).toContain('None.');
        expect(await shown({ ...options, since: '32d' })).not.toContain('None.');
      }
      expect(await shown({ result: 'granted' })).not.toContain('None.');
      expect(await shown({ result: 'granted' })).not.toContain('since: ');
      world.advance(-31 * dayMs);
    });

    test('what a client sent is escaped', async () => {
      const { license, key } = await world.issue();
      await world.check({ key, version: '@everyone\n# big', hwid: '`**x**`' });
      const { reply } = await world.staff('license logs', { license: String(license.id) });
      expect(reply?.text).not.toContain('@everyone');
      expect(reply?.text).not.toContain('\n#');
      expect(reply?.pings.everyone).toBe(false);
    });

    test('another server’s attempts are not shown', async () => {
      const { reply } = await world.staff('license logs', { license: world.foreign.key });
      expect(reply?.text).toContain('There is no such license in this server');
    });

    test('a member who may not see logs is refused', async () => {
      const { services, by, staff, managerId } = world;
      const { license } = await world.issue();
      await services.settings.patch({ ...by, patch: { 'roles.logs': [managerId] } });
      expect((await staff('logs')).reply?.text).toContain('You cannot do this (logs)');
      expect((await staff('license logs', { license: String(license.id) })).reply?.text).toContain(
        'You cannot do this',
      );
      await services.settings.patch({ ...by, patch: { 'roles.logs': null } });
    });
  });
});
