import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PermissionFlagsBits } from 'discord.js';
import { keyChoices, valueChoices } from '../../../commands/settings-set.ts';
import { settingKeysIn, defaultSettings, settingKeys } from '../../../src/domain/settings/settings.ts';
import { settingSections } from '../../../src/domain/settings/setting-kinds.ts';
import { parseSetting } from '../../../src/domain/settings/parse-setting.ts';
import { staffActions } from '../../../src/domain/settings/staff-actions.ts';
import { controlOf } from '../../../src/discord/settings/setting-control.ts';
import { embed } from '../../../src/discord/framework/embed.ts';
import { embedLength } from '../../../src/discord/framework/message.ts';
import { describeSection, describeSettings, describeValue } from '../../../src/discord/texts/settings.ts';
import { type ManagerWorld, pingsIn, publicTexts, startManagerWorld } from '../../support/manager-world.ts';

describe('/settings', () => {
  let world: ManagerWorld;
  beforeAll(async () => {
    world = await startManagerWorld();
    await world.services.products.create({ ...world.by, name: 'Vault' });
  });
  afterAll(() => world.stop());

  describe('set', () => {
    test('the next check knows', async () => {
      const { key } = await world.issue();
      expect(await world.check({ key, observedIp: '198.51.100.1' })).toBe('granted');
      const { reply } = await world.manager('settings set', { key: 'limits.ip', value: '1' });
      expect(reply?.content).toContain('limits.ip: `5` → `1`');
      expect(reply?.ephemeral).toBe(true);
      expect(await world.check({ key, observedIp: '198.51.100.2' })).toBe('ip-limit');
      await world.manager('settings set', { key: 'limits.ip', value: '5' });
    });

    test('a limit of 0 is asked about first', async () => {
      const asked = await world.manager('settings set', { key: 'limits.hwid', value: '0' });
      expect(asked.reply?.text).toContain('lets nobody in');
      expect((await world.settings())['limits.hwid']).toBe(5);
      const done = await world.press(asked.reply, 'Set it to 0');
      expect((await world.settings())['limits.hwid']).toBe(0);
      expect(done.reply?.content).toContain('`5` → `0`');
      await world.manager('settings set', { key: 'limits.hwid', value: '5' });
    });

    test('unknown keys and wrong values are refused in words', async () => {
      const unknown = await world.manager('settings set', { key: 'limits.ips', value: '1' });
      expect(unknown.reply?.text).toContain('did you mean limits.ip?');
      const wrong = await world.manager('settings set', { key: 'tki.requireHwid', value: 'maybe' });
      expect(wrong.reply?.text).toContain('on or off');
      const same = await world.manager('settings set', { key: 'tki.requireHwid', value: 'on' });
      expect(same.reply?.text).toContain('nothing to change');
    });

    test('a short key warns with its bits', async () => {
      const { reply } = await world.manager('settings set', { key: 'key.length', value: '8' });
      expect(reply?.content).toContain('bits');
      await world.manager('settings set', { key: 'key.length', value: '25' });
    });

    test('a channel that everybody reads is warned about, and so is one the bot cannot post in', async () => {
      const { discord, guildId, channelId } = world;
      const open = await world.manager('settings set', { key: 'channels.failed', value: `<#${channelId}>` });
      expect(open.reply?.content).toContain('@everyone can read');
      expect((await world.settings())['channels.failed']).toBe(channelId);
      const shut = discord.addChannel(guildId, {
        name: 'staff',
        overwrites: [{ id: guildId, deny: PermissionFlagsBits.ViewChannel }],
      });
      const { reply } = await world.manager('settings set', { key: 'channels.failed', value: shut });
      expect(reply?.content).not.toContain('@everyone can read');
      expect(reply?.content).toContain('I lack View Channel');
      await world.manager('settings set', { key: 'channels.failed', value: 'unset' });
    });

    test('keys complete by what they do, and values by what is allowed', async () => {
      expect(await world.choices(world.managerId, 'settings set', 'key', { key: 'reminded' })).toEqual(['remind.days']);
      const given = { key: 'member.onBan', value: '' };
      expect(await world.choices(world.managerId, 'settings set', 'value', given)).toEqual([
        'nothing',
        'alert',
        'suspend',
      ]);
    });
  });

  describe('edit', () => {
    const pickSetting = async (section: string, key: string) => {
      const { reply } = await world.manager('settings edit', { section });
      return (await world.pick(reply, 'Change a setting', key)).reply;
    };

    test('a choice is picked, and the way back shows the section', async () => {
      const card = await pickSetting('programs', 'faxstore.v1');
      const done = await world.pick(card, 'Choose', 'off');
      expect((await world.settings())['faxstore.v1']).toBe(false);
      const back = await world.press(done.reply, 'Back');
      expect(back.reply?.text).toContain('**faxstore.v1: `off`**');
      await world.services.settings.patch({ ...world.by, patch: { 'faxstore.v1': true } });
    });

    test('a select can be used again and again', async () => {
      const card = await pickSetting('buyers', 'member.onLeave');
      await world.pick(card, 'Choose', 'alert');
      await world.pick(card, 'Choose', 'suspend');
      await world.pick(card, 'Choose', 'alert');
      expect((await world.settings())['member.onLeave']).toBe('alert');
    });

    test('a text is written in a form that holds what it was', async () => {
      const card = await pickSetting('keys', 'key.prefix');
      const opened = await world.press(card, 'Write it');
      expect(opened.modal?.fields[0]?.value).toBe('none');
      await world.discord.user(world.managerId).submitModal(opened.modal!, { Value: '"SHOP "' });
      expect((await world.settings())['key.prefix']).toBe('SHOP ');
      await world.services.settings.patch({ ...world.by, patch: { 'key.prefix': '' } });
    });

    test('channels and roles are picked, and taken away', async () => {
      const role = world.discord.addRole(world.guildId, { name: 'Customer' });
      const card = await pickSetting('buyers', 'roles.customer');
      const set = await world.pick(card, 'Choose a role', role);
      expect((await world.settings())['roles.customer']).toBe(role);
      await world.press(set.reply, 'None');
      expect((await world.settings())['roles.customer']).toBeNull();
      const channels = await pickSetting('channels', 'channels.admin');
      await world.pick(channels, 'Choose a channel', world.channelId);
      expect((await world.settings())['channels.admin']).toBe(world.channelId);
      await world.services.settings.patch({ ...world.by, patch: { 'channels.admin': null } });
    });

    test('roles whose members do not see the commands are named, with where to change that', async () => {
      const helper = world.discord.addRole(world.guildId, { name: 'Helper' });
      const card = await pickSetting('staff', 'roles.product');
      const set = await world.pick(card, 'Choose roles', helper, world.staffRoleId);
      expect((await world.settings())['roles.product']).toEqual([helper, world.staffRoleId]);
      expect(set.reply?.content).toContain(`Members with <@&${helper}> do not see`);
      expect(set.reply?.content).toContain('Integrations');
      const alone = await world.press(set.reply, 'Manage Server alone');
      expect((await world.settings())['roles.product']).toEqual([]);
      await world.press(alone.reply, 'As it comes');
      expect((await world.settings())['roles.product']).toBeNull();
    });
  });

  describe('view', () => {
    test('names a log channel that takes no posts, with what it has missed, unless it is chosen no more', async () => {
      const at = new Date('2026-03-01T12:00:00Z');
      const posts = {
        channelId: world.channelId,
        lines: 1,
        since: at,
        until: at,
        problem: { code: 'deleted' } as const,
      };
      const missed = { channels: { failed: posts, admin: posts }, ownerNotified: false };
      await world.services.logChannels.setMissed(world.guildId, missed, null);
      await world.services.settings.patch({ ...world.by, patch: { 'channels.failed': world.channelId } });
      expect((await world.manager('settings view')).reply?.content).toBe(
        `⚠️ <#${world.channelId}> (\`channels.failed\`) takes no posts and has missed 1 line since <t:1772366400:f>. ` +
          'It was deleted: choose another with `/settings edit`.',
      );
      await world.services.settings.patch({ ...world.by, patch: { 'channels.failed': null } });
      expect((await world.manager('settings view')).reply?.content).toBe('');
    });
  });

  describe('permissions', () => {
    test('Moderate Members alone is not enough', async () => {
      const { reply } = await world.staff('settings set', { key: 'limits.ip', value: '900' });
      expect(reply?.text).toContain('Manage Server');
      expect((await world.staff('settings view')).reply?.text).toContain('Manage Server');
      expect((await world.settings())['limits.ip']).toBe(5);
    });

    test('a role for settings changes them, but neither role lists nor a role to a staff role', async () => {
      const { staffRoleId, staff, discord, guildId } = world;
      await world.services.settings.patch({ ...world.by, patch: { 'roles.settings': [staffRoleId] } });
      await staff('settings set', { key: 'reset.perDay', value: '2' });
      expect((await world.settings())['reset.perDay']).toBe(2);
      const lists = await staff('settings set', { key: 'roles.license.reveal', value: staffRoleId });
      expect(lists.reply?.text).toContain('Manage Server');
      expect((await world.settings())['roles.license.reveal']).toBeNull();
      const admin = discord.addRole(guildId, { name: 'Admin', permissions: PermissionFlagsBits.Administrator });
      const customer = await staff('settings set', { key: 'roles.customer', value: admin });
      expect(customer.reply?.text).toContain('staff permissions');
      expect((await world.settings())['roles.customer']).toBeNull();
      await world.services.settings.patch({ ...world.by, patch: { 'roles.settings': null } });
    });

    test('a member who lost the role is refused at the button', async () => {
      const { staffRoleId, staffId, discord, guildId } = world;
      await world.services.settings.patch({ ...world.by, patch: { 'roles.settings': [staffRoleId] } });
      const { reply } = await world.staff('settings edit', { section: 'buyers' });
      await world.services.settings.patch({ ...world.by, patch: { 'roles.settings': null } });
      const select = reply!.selects[0]!;
      const late = await discord.user(staffId).select(reply!, select.customId, ['reset.perDay']);
      expect(late.followUps[0]?.text).toContain('Manage Server');
      expect(discord.memberRoles(guildId, staffId)).toContain(staffRoleId);
    });
  });

  test('another guild keeps its settings', async () => {
    await world.manager('settings set', { key: 'locale', value: 'en' });
    await world.manager('settings set', { key: 'limits.mac', value: '3' });
    const other = await world.services.settings.view('200000000000000001');
    expect(other).toEqual({ ok: true, value: defaultSettings });
  });

  test('view shows all, and is public only when posted, pinging no user', async () => {
    await world.manager('settings set', { key: 'roles.logs', value: world.staffRoleId });
    const { reply } = await world.manager('settings view');
    for (const key of settingKeys) expect(reply?.text).toContain(key);
    expect(publicTexts(world)).toBe('');
    await world.press(reply, 'Post here');
    expect(publicTexts(world)).toContain('limits.ip');
    expect(pingsIn(world)).toEqual([]);
    const section = await world.manager('settings view', { section: 'limits' });
    expect(section.reply?.text).toContain('How many IPs may use a license.');
  });
});

describe('settings texts', () => {
  test('every setting is in exactly one section', () => {
    expect(settingSections.flatMap(settingKeysIn).toSorted()).toEqual(settingKeys.toSorted());
  });

  test('every section fits into the menu of its settings', () => {
    for (const section of settingSections) expect(settingKeysIn(section).length).toBeLessThanOrEqual(25);
  });

  test('what a menu offers, the setting takes', () => {
    for (const key of settingKeys) {
      const control = controlOf(key);
      for (const text of control.type === 'choices' ? control.choices : []) {
        expect(parseSetting(key, text)).toMatchObject({ ok: true });
      }
    }
  });

  test('what autocomplete offers, the setting takes', () => {
    for (const { value } of keyChoices('')) {
      const key = String(value);
      for (const choice of valueChoices(key, '')) expect(parseSetting(key, String(choice.value)).ok).toBe(true);
    }
  });

  test('settings with the longest lists stay within an embed', () => {
    const roles = Array.from({ length: 25 }, (_, number) => `1000000000000000${String(number).padStart(3, '0')}`);
    const lists = Object.fromEntries(staffActions.map((action) => [`roles.${action}`, roles]));
    const settings = { ...defaultSettings, ...lists };
    for (const card of [
      describeSettings(settings),
      ...settingSections.map((section) => describeSection(section, settings)),
    ]) {
      const shown = embed(card);
      expect(embedLength(shown)).toBeLessThanOrEqual(6000);
      for (const { value } of shown.fields ?? []) expect(value.length).toBeLessThanOrEqual(1024);
    }
  });

  test('values read as people say them', () => {
    expect(describeValue('limits.mac', null)).toBe('`unlimited`');
    expect(describeValue('forgetAfter.ip', 1440 * 30)).toBe('`30d`');
    expect(describeValue('forgetAfter.ip', 90)).toBe('`90m`');
    expect(describeValue('roles.product', null)).toBe('default: Moderate Members');
    expect(describeValue('roles.apikey', null)).toBe('default: Manage Server');
    expect(describeValue('roles.apikey', [])).toBe('Manage Server alone');
    expect(describeValue('roles.apikey', ['1', '2'])).toBe('<@&1> and <@&2>');
    expect(describeValue('channels.valid', '7')).toBe('<#7>');
    expect(describeValue('channels.valid', null)).toBe('none');
    expect(describeValue('licensegate.product', '`x`')).toBe('`ˋxˋ`');
  });
});
