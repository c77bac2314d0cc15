import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ApplicationCommandOptionType as Type, type APIApplicationCommandOption } from 'discord.js';
import { commands } from '../../commands/index.ts';
import type { GivenOptions } from '../../playground/discord/control/command-options.ts';
import { commandLine } from '../../src/domain/actor.ts';
import { settingKeys } from '../../src/domain/settings/settings.ts';
import { isStaffAccess } from '../../src/discord/framework/access.ts';
import { createCommandTable } from '../../src/discord/framework/command-table.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';
import { showToStaff } from '../support/show-to-staff.ts';
import { valueOf } from '../support/open-services.ts';
import { newGuild, noTrail } from '../support/storage-fixtures.ts';

type Option = APIApplicationCommandOption & {
  readonly options?: readonly Option[];
  readonly choices?: readonly { readonly value: string | number }[];
  readonly autocomplete?: boolean;
  readonly min_value?: number;
};
type Reply = Awaited<ReturnType<ReturnType<BotWorld['discord']['user']>['command']>>;
/** What the id options of a command are given. */
type Ids = Readonly<Record<'license' | 'product' | 'apikey' | 'entry', string>>;

const table = createCommandTable(commands, {});
const tasks = [...table.tasks.values()];
const forStaff = tasks.filter(({ access }) => isStaffAccess(access));
const mark = 'of-the-other-guild';
const otherGuildId = '200000000000000001';
const page = { limit: 1_000, beforeId: null };

/** `license issue` and the like, with its options. */
const optionsOf: ReadonlyMap<string, readonly Option[]> = new Map(
  table.definitions.flatMap((definition) =>
    leaves(definition.name, ('options' in definition ? (definition.options ?? []) : []) as readonly Option[]),
  ),
);

function leaves(path: string, options: readonly Option[]): readonly (readonly [string, readonly Option[]])[] {
  const inner = options.filter(({ type }) => type === Type.Subcommand || type === Type.SubcommandGroup);
  return inner.length === 0
    ? [[path, options]]
    : inner.flatMap((one) => leaves(`${path} ${one.name}`, one.options ?? []));
}

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
    return {
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
      apiKeys: await storage.apiKeys(guildId),
      blacklist: await storage.blacklist(guildId, {}, page),
      // What the bot did meanwhile about roles is the system's.
      audit: (await storage.audit(guildId, {}, page)).filter(({ actor }) => actor.type !== 'system'),
    };
  }

  function valueFor(option: Option, ids: Ids): string | number | boolean {
    if (option.name in ids && option.type === Type.String) return ids[option.name as keyof Ids];
    if (option.choices && option.choices.length > 0) return option.choices[0]!.value;
    const { buyerId, staffRoleId, channelId } = world;
    switch (option.type) {
      case Type.User:
      case Type.Mentionable:
        return buyerId;
      case Type.Role:
        return staffRoleId;
      case Type.Channel:
        return channelId;
      case Type.Boolean:
        return false;
      case Type.Integer:
      case Type.Number:
        return option.min_value ?? 1;
      default:
        return texts[option.name] ?? '1';
    }
  }
  const texts: Readonly<Record<string, string>> = {
    what: 'all',
    key: 'limits.ip',
    value: '7',
    term: '30d',
    extend: '30d',
    name: 'Anew',
    ip: '198.51.100.1',
  };

  /** What is needed, and every option that takes an id. */
  function given(name: string, ids: Ids): GivenOptions {
    const wanted = (optionsOf.get(name) ?? []).filter(
      ({ required, name: option }) => required === true || option in ids,
    );
    return Object.fromEntries(wanted.map((option) => [option.name, valueFor(option, ids)]));
  }

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
