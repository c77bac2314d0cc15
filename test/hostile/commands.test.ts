import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { commands } from '../../commands/index.ts';
import { commandLine } from '../../src/domain/actor.ts';
import { settingKeys } from '../../src/domain/settings/settings.ts';
import { isStaffAccess } from '../../src/discord/framework/access.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';
import { showToStaff } from '../support/show-to-staff.ts';
import { valueOf } from '../support/open-services.ts';
import { newGuild, noTrail } from '../support/storage-fixtures.ts';
import { type Ids, optionsFor, optionsOf, tasks } from './every-command.ts';

type Reply = Awaited<ReturnType<ReturnType<BotWorld['discord']['user']>['command']>>;

const forStaff = tasks.filter(({ access }) => isStaffAccess(access));
const mark = 'of-the-other-guild';
const otherGuildId = '200000000000000001';
const page = { limit: 1_000, beforeId: null };

describe('every command', () => {
  let world: BotWorld;
  let own: Ids;
  let foreign: Ids;

  /** One of everything, marked where it can be. */
  async function fill(guildId: string, text: string): Promise<Ids> {
    const { services, storage, buyerId } = world;
    const by = { guildId, actor: commandLine };
    // With a key pair that is none: making one takes long.
    await storage.addGuild(newGuild(guildId, { name: text }), noTrail);
    const { product } = valueOf(await services.products.create({ ...by, name: `Vault ${text}`, version: '1' }));
    const input = { ...by, product: String(product.id), mayManage: true, silent: true, name: text, note: text };
    const { license } = valueOf(await services.licenses.issue({ ...input, ownerId: buyerId })).issued[0]!;
    const { apiKey } = valueOf(await services.apiKeys.create({ ...by, name: text }));
    const { entry } = valueOf(await services.blacklist.add({ ...by, type: 'hwid', value: `hwid ${text}` }));
    const names = { username: text, email: `${text}@shop.example` };
    const [first, second] = [
      valueOf(await services.customers.add({ ...by, ...names })).customer,
      valueOf(await services.customers.add({ ...by, ...names, fullName: text })).customer,
    ];
    return {
      ...{ who: `#${first.id}`, from: `#${first.id}`, into: `#${second.id}` },
      license: String(license.id),
      product: String(product.id),
      apikey: String(apiKey.id),
      entry: String(entry.id),
    };
  }

  beforeAll(async () => {
    world = await startBotWorld({ commands });
    showToStaff(world);
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    own = await fill(world.guildId, 'ours');
    foreign = await fill(otherGuildId, mark);
  });
  afterEach(async () => {
    for (const guildId of [world.guildId, otherGuildId]) {
      valueOf(await world.services.guilds.delete({ guildId, actor: commandLine }));
    }
  });

  /** Everything that a guild has and that somebody could have changed. */
  async function stateOf(guildId: string): Promise<unknown> {
    const { storage } = world;
    const licenses = await storage.licenses(guildId, {}, page);
    const bundle = await storage.bundle(guildId);
    return {
      settings: bundle?.settings,
      products: [...(bundle?.products.all() ?? []), ...(await storage.deletedProducts(guildId))],
      licenses: [licenses, await storage.licenses(guildId, { state: 'deleted' }, page)],
      keys: await Promise.all(licenses.map(({ id }) => storage.licenseKey(guildId, id))),
      customers: await storage.customers(guildId, {}, page),
      apiKeys: await storage.apiKeys(guildId),
      blacklist: await storage.blacklist(guildId, {}, page),
      // What the bot did meanwhile about roles is the system's.
      audit: (await storage.audit(guildId, {}, page)).filter(({ actor }) => actor.type !== 'system'),
    };
  }

  const given = (name: string, ids: Ids) => optionsFor(world, name, ids);

  const everythingSaid = (reply: Reply): string =>
    JSON.stringify([reply.reply?.text, reply.followUps.map(({ text }) => text), reply.modal]);

  test.each(tasks.map(({ name }) => name))(
    '/%s leaves the other guild as it is, and shows nothing of it',
    async (name) => {
      const { discord, guildId, channelId, managerId } = world;
      const manager = discord.user(managerId);
      const before = await stateOf(otherGuildId);
      const said = [await manager.command(guildId, channelId, name, given(name, foreign))];
      // Whatever it offers to press is pressed.
      for (const button of said[0]!.reply?.buttons ?? []) {
        if (button.customId !== undefined && !button.disabled) {
          said.push(await manager.click(said[0]!.reply!, button.customId, { forged: true }));
        }
      }
      for (const reply of said) {
        expect(reply.error).toBeUndefined();
        expect(everythingSaid(reply)).not.toContain(mark);
      }
      expect(await stateOf(otherGuildId)).toEqual(before);
    },
  );

  describe('where Manage Server alone may do anything', () => {
    beforeEach(async () => {
      const { services, guildId } = world;
      const lists = settingKeys.filter((key) => key.startsWith('roles.') && key !== 'roles.customer');
      const patch = Object.fromEntries(lists.map((key) => [key, []]));
      valueOf(await services.settings.patch({ guildId, actor: commandLine, patch }));
    });

    test.each(forStaff.map(({ name }) => name))(
      '/%s tells a moderator what is missing, and does nothing',
      async (name) => {
        const { discord, guildId, channelId, staffId } = world;
        const before = await stateOf(guildId);
        const refused = await discord.user(staffId).command(guildId, channelId, name, given(name, own));
        expect(refused.modal).toBeUndefined();
        expect(refused.reply?.ephemeral).toBe(true);
        expect(refused.reply?.content).toMatch(/^[^\n]*Manage Server[^\n]*\.$/);
        expect(await stateOf(guildId)).toEqual(before);
      },
    );

    const completed = forStaff.flatMap(({ name }) =>
      optionsOf.get(name)!.flatMap((option) => (option.autocomplete ? [[name, option.name] as const] : [])),
    );
    test.each(completed)('/%s offers a moderator nothing for %s', async (name, option) => {
      const { discord, guildId, channelId, staffId } = world;
      const asked = await discord.user(staffId).autocomplete(guildId, channelId, name, option);
      expect(asked.choices).toEqual([]);
    });
  });

  const completed = tasks.flatMap(({ name }) =>
    optionsOf.get(name)!.flatMap((option) => (option.autocomplete ? [[name, option.name] as const] : [])),
  );
  test.each(completed)('/%s completes %s with nothing of the other guild', async (name, option) => {
    const { discord, guildId, channelId, managerId } = world;
    for (const typed of ['', mark, `Vault ${mark}`, foreign.license, foreign.apikey]) {
      const { choices } = await discord
        .user(managerId)
        .autocomplete(guildId, channelId, name, option, { [option]: typed });
      // What was typed may come back as a choice of its own.
      const offered = (choices ?? []).filter(({ value }) => value !== typed);
      expect(JSON.stringify(offered)).not.toContain(mark);
    }
  });

  test.each(forStaff.map(({ name }) => name))('what /%s offers to press is for whoever asked alone', async (name) => {
    const { discord, guildId, channelId, managerId, buyerId, staffId } = world;
    const asked = await discord.user(managerId).command(guildId, channelId, name, given(name, own));
    expect(everythingSaid(asked)).not.toMatch(/no such|not found|is not in this server/i);
    const messages = [asked.reply, ...asked.followUps].filter((message) => message !== undefined);
    const buttons = messages.flatMap((message) => message.buttons.map(({ customId }) => customId));
    const selects = messages.flatMap((message) => message.selects.map(({ customId }) => customId));
    const before = await stateOf(guildId);
    for (const userId of [buyerId, staffId]) {
      const thief = discord.user(userId);
      const { reply: mine } = await thief.command(guildId, channelId, 'help');
      for (const customId of buttons.filter((id) => id !== undefined)) {
        const { reply } = await thief.click(mine!, customId, { forged: true });
        expect(reply?.content).toBe(`Only <@${managerId}> can use this.`);
        expect(reply?.ephemeral).toBe(true);
      }
      for (const customId of selects) {
        const { reply } = await thief.select(mine!, customId, [own.license], { forged: true });
        expect(reply?.content).toBe(`Only <@${managerId}> can use this.`);
      }
    }
    expect(await stateOf(guildId)).toEqual(before);
  });

  test('a direct message has the buyers’ commands only', () => {
    const { discord, managerId } = world;
    const open = new Set(tasks.filter(({ access }) => access === 'buyer').map(({ name }) => name.split(' ')[0]));
    expect(new Set(discord.user(managerId).commands(null))).toEqual(open);
  });
});
