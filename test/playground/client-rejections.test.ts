import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ActionRowBuilder,
  ApplicationCommandPermissionType,
  ButtonBuilder,
  ButtonStyle,
  MessageFlags,
  PermissionFlagsBits,
  type Client,
} from 'discord.js';
import { connect, nextInteraction, setUpTestGuild, type TestSetup } from './bot.ts';

let setup: TestSetup;
let client: Client<true>;

const staffOnly = PermissionFlagsBits.ModerateMembers.toString();
const option = (type: number, name: string, change: object = {}) => ({ type, name, description: 'x', ...change });

const commands = [
  {
    name: 'license',
    description: 'x',
    contexts: [0],
    default_member_permissions: staffOnly,
    options: [
      option(1, 'issue', {
        options: [
          option(6, 'user', { required: true }),
          option(4, 'amount', { min_value: 1, max_value: 100 }),
          option(3, 'kind', { choices: [{ name: 'One', value: '1' }] }),
          option(3, 'product', { autocomplete: true }),
          option(5, 'silent'),
          option(7, 'channel', { channel_types: [0] }),
          option(8, 'role'),
          option(11, 'file'),
        ],
      }),
    ],
  },
  { name: 'mylicenses', description: 'x', contexts: [0, 1] },
  { name: 'admin', description: 'x', default_member_permissions: '0' },
  { type: 2, name: 'Licenses' },
  { type: 3, name: 'Find license' },
];

beforeEach(async () => {
  setup = await setUpTestGuild();
  client = await connect(setup.discord);
  await client.rest.put(`/applications/${setup.discord.applicationId}/commands`, { body: commands });
});

afterEach(async () => {
  await client.destroy();
  await setup.discord.stop();
});

const as = (user: string) => setup.discord.user(user).starting;
const issue = (options: Parameters<ReturnType<typeof as>['command']>[3], user = setup.owner) =>
  as(user).command(setup.guild, setup.channel, 'license issue', options);

describe('a Discord client does not send', () => {
  test.each([
    ['an unknown option', { nothing: 1 }, 'unknown-option'],
    ['a command without a required option', { user: undefined }, 'missing-option'],
    ['a text for a number', { amount: 'many' }, 'wrong-option'],
    ['a number out of range', { amount: 101 }, 'wrong-option'],
    ['a value outside the choices', { kind: '2' }, 'wrong-option'],
    ['a text for a switch', { silent: 'yes' }, 'wrong-option'],
    ['an unknown user', { user: '123' }, 'wrong-value'],
    ['an unknown role', { role: '123' }, 'wrong-value'],
  ])('%s', async (_, change, reason) => {
    await expect(issue({ user: setup.buyer, ...change })).rejects.toMatchObject({ reason });
  });

  test('unknown commands and subcommands', async () => {
    const user = as(setup.owner);
    await expect(user.command(setup.guild, setup.channel, 'nothing')).rejects.toMatchObject({
      reason: 'unknown-command',
    });
    await expect(user.command(setup.guild, setup.channel, 'license')).rejects.toMatchObject({
      reason: 'unknown-command',
    });
    await expect(user.command(setup.guild, setup.channel, 'license take')).rejects.toMatchObject({
      reason: 'unknown-command',
    });
  });

  test('commands in a context that they are not for', async () => {
    await expect(as(setup.owner).command(null, null, 'license issue', { user: setup.buyer })).rejects.toMatchObject({
      reason: 'not-here',
    });
    await as(setup.owner).command(null, null, 'mylicenses');
  });

  test('commands to a channel that the user does not see', async () => {
    setup.discord.setOverwrite(setup.channel, { id: setup.guild, deny: PermissionFlagsBits.ViewChannel });
    await expect(as(setup.buyer).command(setup.guild, setup.channel, 'mylicenses')).rejects.toMatchObject({
      reason: 'no-access',
    });
  });

  test('only the choices that autocomplete offers: it also sends any typed value', async () => {
    const arrived = nextInteraction(client);
    await issue({ user: setup.buyer, product: 'typed by hand' });
    const interaction = await arrived;
    if (!interaction.isChatInputCommand()) throw new Error('no command');
    expect(interaction.options.getString('product')).toBe('typed by hand');
  });
});

describe('whether a command is shown to a user', () => {
  const shownTo = (user: string) => setup.discord.user(user).commands(setup.guild, setup.channel);

  test('follows its default permissions', async () => {
    expect(shownTo(setup.owner)).toEqual(['license', 'mylicenses', 'admin', 'Licenses', 'Find license']);
    expect(shownTo(setup.buyer)).toEqual(['mylicenses', 'Licenses', 'Find license']);
    await expect(issue({ user: setup.buyer }, setup.buyer)).rejects.toMatchObject({ reason: 'not-permitted' });
    const staff = setup.discord.addRole(setup.guild, {
      name: 'Staff',
      permissions: PermissionFlagsBits.ModerateMembers,
    });
    setup.discord.giveRole(setup.guild, setup.buyer, staff);
    expect(shownTo(setup.buyer)).toContain('license');
    expect(shownTo(setup.buyer)).not.toContain('admin');
  });

  test('an admin can open it to a role and close it to a member', () => {
    const trusted = setup.discord.addRole(setup.guild, { name: 'Trusted' });
    setup.discord.giveRole(setup.guild, setup.buyer, trusted);
    const role = { id: trusted, type: ApplicationCommandPermissionType.Role, permission: true };
    setup.discord.setCommandPermissions(setup.guild, 'license', [role]);
    expect(shownTo(setup.buyer)).toContain('license');
    const member = { id: setup.buyer, type: ApplicationCommandPermissionType.User, permission: false };
    setup.discord.setCommandPermissions(setup.guild, 'license', [role, member]);
    expect(shownTo(setup.buyer)).not.toContain('license');
  });

  test('for all commands at once, and per channel', () => {
    const everyone = { id: setup.guild, type: ApplicationCommandPermissionType.Role, permission: false };
    setup.discord.setCommandPermissions(setup.guild, null, [everyone]);
    expect(shownTo(setup.buyer)).toEqual([]);
    const channel = { id: setup.channel, type: ApplicationCommandPermissionType.Channel, permission: false };
    setup.discord.setCommandPermissions(setup.guild, null, [channel]);
    expect(shownTo(setup.buyer)).toEqual([]);
    expect(shownTo(setup.owner)).toContain('license');
  });
});

describe('the data of a command', () => {
  test('users, members, roles, channels and files are resolved', async () => {
    const role = setup.discord.addRole(setup.guild, { name: 'VIP' });
    const arrived = nextInteraction(client);
    await issue({ user: setup.buyer, role, channel: setup.channel, file: { name: 'a.csv', data: 'a,b' } });
    const interaction = await arrived;
    if (!interaction.isChatInputCommand()) throw new Error('no command');
    expect(interaction.options.getMember('user')).toMatchObject({ id: setup.buyer });
    expect(interaction.options.getRole('role')?.name).toBe('VIP');
    expect(interaction.options.getChannel('channel')?.name).toBe('general');
    const file = interaction.options.getAttachment('file', true);
    expect(await (await fetch(file.url)).text()).toBe('a,b');
    expect(interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild)).toBe(true);
    expect(interaction.appPermissions.has(PermissionFlagsBits.EmbedLinks)).toBe(true);
  });

  test('a user menu and a message menu name their target', async () => {
    const user = nextInteraction(client);
    await as(setup.owner).userMenu(setup.guild, setup.channel, 'Licenses', setup.buyer);
    expect(await user).toMatchObject({ targetId: setup.buyer });
    const { id } = setup.discord.user(setup.buyer).say(setup.channel, 'my key is AAAA');
    const message = nextInteraction(client);
    await as(setup.owner).messageMenu(setup.guild, setup.channel, 'Find license', id);
    expect(await message).toMatchObject({ targetMessage: { content: 'my key is AAAA' } });
  });
});

describe('buttons and selects', () => {
  const row = (...components: object[]) => ({ type: 1, components });
  const post = async (...rows: object[]) => {
    await client.rest.post(`/channels/${setup.channel}/messages`, { body: { content: 'x', components: rows } });
    return setup.discord.messages(setup.channel).at(-1)!;
  };

  test('only what is there and enabled can be used, unless it is forged', async () => {
    const message = await post(row({ type: 2, style: 1, label: 'Off', custom_id: 'off', disabled: true }));
    const user = as(setup.buyer);
    await expect(user.click(message, 'On')).rejects.toMatchObject({ reason: 'unknown-component' });
    await expect(user.click(message, 'Off')).rejects.toMatchObject({ reason: 'disabled' });
    const arrived = nextInteraction(client);
    await user.click(message, 'made-up', { forged: true });
    expect(await arrived).toMatchObject({ customId: 'made-up' });
  });

  test('a select takes as many of its options as it says', async () => {
    const options = ['a', 'b'].map((value) => ({ label: value, value }));
    const message = await post(
      row({ type: 3, custom_id: 'pick', options }),
      row({ type: 5, custom_id: 'who' }),
      row({ type: 8, custom_id: 'where' }),
    );
    const user = as(setup.buyer);
    await expect(user.select(message, 'pick', ['c'])).rejects.toMatchObject({ reason: 'wrong-value' });
    await expect(user.select(message, 'pick', ['a', 'b'])).rejects.toMatchObject({ reason: 'wrong-value' });
    const picked = nextInteraction(client);
    await user.select(message, 'pick', ['b']);
    expect(await picked).toMatchObject({ values: ['b'] });
    const chosen = nextInteraction(client);
    await user.select(message, 'who', [setup.owner]);
    const interaction = await chosen;
    if (!interaction.isUserSelectMenu()) throw new Error('no user select');
    expect(interaction.users.first()?.username).toBe('owner');
    const where = nextInteraction(client);
    await user.select(message, 'where', [setup.channel]);
    expect(await where).toMatchObject({ values: [setup.channel] });
  });

  test('the components of a message for another user cannot be used', async () => {
    client.once('interactionCreate', (interaction) => {
      if (interaction.isChatInputCommand()) {
        const button = new ButtonBuilder().setCustomId('mine').setLabel('Mine').setStyle(ButtonStyle.Primary);
        const components = [new ActionRowBuilder<ButtonBuilder>().addComponents(button)];
        void interaction.reply({ content: 'x', flags: MessageFlags.Ephemeral, components });
      }
    });
    const { reply } = await setup.discord.user(setup.buyer).command(setup.guild, setup.channel, 'mylicenses');
    await expect(as(setup.owner).click(reply!, 'Mine')).rejects.toMatchObject({ reason: 'not-visible' });
    const arrived = nextInteraction(client);
    await as(setup.buyer).click(reply!, 'Mine');
    expect(await arrived).toMatchObject({ customId: 'mine' });
  });
});
