import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApplicationCommandPermissionType, PermissionFlagsBits } from 'discord.js';
import { describeStaff } from '../../../src/discord/setup/show-step.ts';
import { limitPresets } from '../../../src/discord/setup/limit-presets.ts';
import { everydayActions } from '../../../src/discord/setup/steps.ts';
import { defaultSettings, settingsSchema } from '../../../src/domain/settings/settings.ts';
import { roleSetting } from '../../../src/domain/settings/staff-actions.ts';
import { type ManagerWorld, pingsIn, publicTexts, startManagerWorld } from '../../support/manager-world.ts';

describe('/setup', () => {
  let world: ManagerWorld;
  beforeAll(async () => {
    world = await startManagerWorld();
  });
  afterAll(() => world.stop());

  /** The wizard, so many steps on. */
  async function at(steps: number) {
    let { reply } = await world.manager('setup');
    for (let step = 0; step < steps; step++) {
      reply = (await world.press(reply, step === 4 ? 'Finish' : 'Next')).reply;
    }
    return reply;
  }

  test('channels are set at once, and one that everybody reads is warned about', async () => {
    const { discord, guildId, channelId } = world;
    const start = await at(0);
    expect(start?.ephemeral).toBe(true);
    const open = await world.pick(start, 'Channel for refused checks', channelId);
    expect(open.reply?.content).toContain('@everyone can read');
    const staffOnly = discord.addChannel(guildId, {
      name: 'staff',
      overwrites: [{ id: guildId, deny: PermissionFlagsBits.ViewChannel }],
    });
    const botRole = [...discord.memberRoles(guildId, start!.authorId)][0]!;
    discord.setOverwrite(staffOnly, { id: botRole, allow: PermissionFlagsBits.ViewChannel });
    const shut = await world.pick(open.reply, 'Channel for refused checks', staffOnly);
    expect(shut.reply?.content).not.toContain('⚠️');
    await world.pick(shut.reply, 'Channel for alerts', staffOnly);
    expect(await world.settings()).toMatchObject({
      'channels.failed': staffOnly,
      'channels.alerts': staffOnly,
      'channels.valid': null,
    });
  });

  test('the customer role is set and taken away, and one above the bot is warned about', async () => {
    const { discord, guildId } = world;
    const low = discord.addRole(guildId, { name: 'Customer' });
    const high = discord.addRole(guildId, { name: 'High', position: 90 });
    const step = await at(1);
    const above = await world.pick(step, 'Customer role', high);
    expect(above.reply?.content).toContain('stands above my own role');
    const below = await world.pick(above.reply, 'Customer role', low);
    expect(below.reply?.content).not.toContain('⚠️');
    expect((await world.settings())['roles.customer']).toBe(low);
    await world.press(below.reply, 'None');
    expect((await world.settings())['roles.customer']).toBeNull();
  });

  test('staff roles get the everyday actions, and what needs Manage Server stays there', async () => {
    const { staffRoleId } = world;
    const chosen = await world.pick(await at(2), 'Staff roles', staffRoleId);
    const settings = await world.settings();
    expect(settings['roles.license.issue']).toEqual([staffRoleId]);
    expect(settings['roles.blacklist']).toEqual([staffRoleId]);
    expect(settings['roles.license.reveal']).toBeNull();
    expect(settings['roles.apikey']).toBeNull();
    expect(chosen.reply?.text).toContain(`Staff now: <@&${staffRoleId}>`);
    await world.press(chosen.reply, 'Everybody with Moderate Members');
    expect((await world.settings())['roles.license.issue']).toBeNull();
  });

  test('limits follow from where customers run the program, or are written', async () => {
    const step = await at(3);
    const home = await world.pick(step, 'They run it …', 'home');
    expect(await world.settings()).toMatchObject({
      'limits.ip': 3,
      'limits.hwid': 2,
      'limits.ipMode': 'follow-hwid',
      'forgetAfter.ip': 10_080,
    });
    const own = { 'How many IPs': '7', 'How many HWIDs': 'unlimited', 'How many MAC addresses': '1' };
    const written = await world.fillIn(home.reply, 'Other numbers', own);
    expect(await world.settings()).toMatchObject({ 'limits.ip': 7, 'limits.hwid': null, 'limits.mac': 1 });
    const wrong = await world.fillIn(written.reply, 'Other numbers', { ...own, 'How many HWIDs': 'a few' });
    expect(wrong.reply?.content).toContain('limits.hwid');
    const zero = await world.fillIn(wrong.reply, 'Other numbers', { ...own, 'How many IPs': '0' });
    expect(zero.reply?.content).toContain('lets nobody in');
    expect(await world.settings()).toMatchObject({ 'limits.ip': 7, 'limits.hwid': null, 'limits.mac': 1 });
  });

  test('what happens to HWIDs that identify no machine is chosen with the limits', async () => {
    const step = await at(3);
    expect(step?.text).toContain('report a text like “unknown”');
    const refused = await world.pick(step, 'HWIDs like “unknown” …', 'refuse');
    expect(refused.reply?.content).toContain('✅');
    expect((await world.settings())['hwid.placeholders']).toBe('refuse');
    expect((await at(5))?.text).toContain('hwid.placeholders');
  });

  test('one press makes one API key, whose secret is in a message of its own', async () => {
    const step = await at(4);
    const before = (await world.services.apiKeys.list(world.guildId)).length;
    const made = await world.press(step, 'Make an API key');
    await made.until(({ followUps }) => followUps.length === 1);
    expect(made.followUps[0]?.content).toMatch(/^lk[A-Za-z0-9]{43}$/);
    expect(made.followUps[0]?.ephemeral).toBe(true);
    const twice = await world.press(step, 'Make an API key');
    expect(twice.reply?.text).toContain('pressed already');
    expect(await world.services.apiKeys.list(world.guildId)).toHaveLength(before + 1);
  });

  test('it ends by naming the staff roles that do not see the commands', async () => {
    const { discord, guildId, staffRoleId } = world;
    const helper = discord.addRole(guildId, { name: 'Helper' });
    await world.pick(await at(2), 'Staff roles', helper, staffRoleId);
    const done = await at(5);
    expect(done?.text).toContain(
      `Members with <@&${helper}> do not see \`/product\`, \`/customer\` and \`/blacklist\``,
    );
    expect(done?.text).toContain('Server Settings → Integrations');
    expect(done?.text).toContain('/product create');
    discord.setRolePermissions(guildId, helper, PermissionFlagsBits.ModerateMembers);
    expect((await at(5))?.text).not.toContain('do not see');
  });

  test('a role that Integrations show the commands to is not named, and one that they hide them from is', async () => {
    const { discord, guildId } = world;
    const lists = await world.settings();
    const [shown, hidden] = ['Shown', 'Hidden'].map((name) => discord.addRole(guildId, { name }));
    discord.setRolePermissions(guildId, hidden!, PermissionFlagsBits.ModerateMembers);
    const patch = { 'roles.product': [shown!, hidden!], 'roles.blacklist': null, 'roles.settings': [hidden!] };
    await world.services.settings.patch({ ...world.by, patch });
    const role = { type: ApplicationCommandPermissionType.Role } as const;
    discord.setCommandPermissions(guildId, null, [{ ...role, id: shown!, permission: true }]);
    discord.setCommandPermissions(guildId, 'product', [{ ...role, id: hidden!, permission: false }]);
    const done = (await at(5))?.text;
    expect(done).not.toContain(`Members with <@&${shown}>`);
    // Moderate Members does not show what is registered with Manage Server.
    expect(done).toContain(`Members with <@&${hidden}> do not see \`/setup\`, \`/settings\` and \`/product\``);
    discord.setCommandPermissions(guildId, null, []);
    discord.setCommandPermissions(guildId, 'product', []);
    await world.services.settings.patch({ ...world.by, patch: lists });
  });

  test('goes back, keeps what was set, and can be run again', async () => {
    const first = await world.pick(await at(3), 'They run it …', 'own');
    const back = await world.press(first.reply, 'Back');
    expect(back.reply?.text).toContain('staff roles');
    const again = await at(3);
    expect(again?.text).toContain('limits.ip: `3`');
  });

  test('Moderate Members alone is refused', async () => {
    const { reply } = await world.staff('setup');
    expect(reply?.text).toContain('Manage Server');
    expect(reply?.buttons).toEqual([]);
  });

  test('staff who may change settings but lack Manage Server get no API key and give no staff rights', async () => {
    const { staffRoleId, staffId, discord } = world;
    const own = { 'roles.settings': [staffRoleId], 'roles.license.issue': null };
    await world.services.settings.patch({ ...world.by, patch: own });
    const start = await world.staff('setup');
    const press = (message: typeof start.reply, label: string) => discord.user(staffId).click(message!, label);
    const staffStep = (await press((await press(start.reply, 'Next')).reply, 'Next')).reply;
    const select = staffStep!.selects[0]!.customId;
    const chosen = await discord.user(staffId).select(staffStep!, select, [staffRoleId]);
    expect(chosen.reply?.content).toContain('Manage Server');
    expect((await world.settings())['roles.license.issue']).toBeNull();
    const keyStep = (await press((await press(chosen.reply, 'Next')).reply, 'Next')).reply;
    expect(keyStep?.text).toContain('Manage Server');
    expect(keyStep?.buttons.map(({ label }) => label)).toEqual(['Back', 'Finish']);
    await world.services.settings.patch({ ...world.by, patch: { 'roles.settings': null } });
  });

  test('nothing of it is public, and no user is pinged', () => {
    expect(publicTexts(world)).toBe('');
    expect(pingsIn(world)).toEqual([]);
  });
});

describe('setup texts', () => {
  test('every preset is a set of limits that the settings take', () => {
    for (const { patch } of limitPresets)
      expect(settingsSchema.safeParse({ ...defaultSettings, ...patch }).success).toBe(true);
  });

  test('staff lists that differ are not shown as one', () => {
    const [first] = everydayActions;
    expect(describeStaff(defaultSettings)).toContain('Moderate Members');
    expect(describeStaff({ ...defaultSettings, [roleSetting(first!)]: ['1'] })).toContain('different role lists');
  });
});
