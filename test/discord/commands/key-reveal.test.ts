import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { apikey } from '../../../commands/apikey.ts';
import { license } from '../../../commands/license.ts';
import type { GivenOptions } from '../../../playground/discord/control/command-options.ts';
import { commandLine } from '../../../src/domain/actor.ts';
import { type BotWorld, startBotWorld } from '../../support/bot-world.ts';
import { showToStaff } from '../../support/show-to-staff.ts';
import { valueOf } from '../../support/open-services.ts';

describe('whatever lets a staff member see the key of a license needs license.reveal', () => {
  let world: BotWorld;
  const by = () => ({ guildId: world.guildId, actor: commandLine });
  beforeAll(async () => {
    world = await startBotWorld({ commands: [license, apikey] });
    const { services, guildId, staffRoleId } = world;
    await services.guilds.ensure({ id: guildId, name: 'Shop' });
    await services.products.create({ ...by(), name: 'Vault' });
    // The role may do all of it but see whole keys.
    const patch = { apikey: [staffRoleId], 'license.reassign': [staffRoleId], 'license.rekey': [staffRoleId] };
    const roles = Object.fromEntries(Object.entries(patch).map(([action, list]) => [`roles.${action}`, list]));
    valueOf(await services.settings.patch({ ...by(), patch: roles }));
    showToStaff(world, ['apikey']);
  });
  afterAll(() => world.stop());
  afterEach(() => allow(null));

  async function allow(roleIds: string[] | null): Promise<void> {
    await world.services.settings.patch({ ...by(), patch: { 'roles.license.reveal': roleIds } });
  }
  async function issue(ownerId: string | null = null) {
    const input = { ...by(), product: null, mayManage: true, silent: true, ownerId };
    return valueOf(await world.services.licenses.issue(input)).issued[0]!;
  }
  const staff = (name: string, options: GivenOptions) =>
    world.discord.user(world.staffId).command(world.guildId, world.channelId, name, options);
  const stateOf = async (id: number) => [
    await world.storage.license(world.guildId, { id }),
    await world.storage.licenseKey(world.guildId, id),
  ];
  const auditOf = async (id: number) =>
    (await world.storage.audit(world.guildId, { subject: `license:${id}` }, { limit: 10, beforeId: null })).map(
      ({ action }) => action,
    );

  test.each<readonly [string, string, 'owned' | 'unclaimed', () => GivenOptions]>([
    ['reassigning it to oneself', 'license reassign', 'owned', () => ({ user: world.staffId })],
    ['claiming it by reassigning it', 'license reassign', 'unclaimed', () => ({ user: world.staffId })],
    [
      'reassigning it to oneself with a new key',
      'license reassign',
      'owned',
      () => ({ user: world.staffId, 'new-key': true }),
    ],
    ['a new key of an unclaimed one', 'license rekey', 'unclaimed', () => ({})],
    ['a new key that one has thought up', 'license rekey', 'owned', () => ({ key: 'MY-OWN-1234-5678' })],
  ])('%s', async (_, command, whose, options) => {
    const made = await issue(whose === 'owned' ? world.buyerId : null);
    const { id } = made.license;
    const before = await stateOf(id);
    const given = { license: String(id), ...options() };
    const { reply, followUps } = await staff(command, given);
    expect(reply?.content).toMatch(/^You would see whole license keys this way.*Manage Server/);
    expect(followUps).toEqual([]);
    expect(await stateOf(id)).toEqual(before);
    expect(await auditOf(id)).toEqual(['license.issued']);

    await allow([world.staffRoleId]);
    await staff(command, given);
    expect(await stateOf(id)).not.toEqual(before);
    expect(await auditOf(id)).toContain('license.revealed');
  });

  test.each(['licenses:read', 'auth, licenses:write'])('an API key with the scope %s', async (scopes) => {
    const count = async () => (await world.services.apiKeys.list(world.guildId)).length;
    const before = await count();
    const { reply } = await staff('apikey create', { name: 'billing', scopes });
    expect(reply?.content).toMatch(/^You would see whole license keys this way.*Manage Server/);
    expect(await count()).toBe(before);

    await allow([world.staffRoleId]);
    expect((await staff('apikey create', { name: 'billing', scopes })).reply?.text).toContain('billing');
    expect(await count()).toBe(before + 1);
  });

  test('what shows no key goes on as before', async () => {
    const owned = await issue(world.buyerId);
    const target = { license: String(owned.license.id) };
    expect((await staff('license rekey', target)).reply?.text).toContain('has a new key');
    expect((await staff('license reassign', { ...target, user: world.managerId })).reply?.text).toContain('belongs to');
    expect(await auditOf(owned.license.id)).not.toContain('license.revealed');
    expect((await staff('apikey create', { name: 'programs' })).reply?.text).toContain('programs');
  });

  test('the owner of a license may know its key, also where the owner is staff', async () => {
    const own = await issue(world.staffId);
    const target = { license: String(own.license.id) };
    const again = await staff('license reassign', { ...target, user: world.staffId });
    expect(again.reply?.text).toContain('nothing was changed');
    expect((await staff('license resend', target)).reply?.text).toContain('again');
    expect((await staff('license rekey', { ...target, key: 'CHOSEN-1234-5678' })).reply?.text).toContain('new key');
  });
});
