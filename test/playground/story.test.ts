import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  Events,
  GatewayIntentBits,
  InteractionContextType,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  TextInputBuilder,
  TextInputStyle,
  type Interaction,
} from 'discord.js';
import { startLocalDiscord, type LocalDiscord } from '../../playground/discord/local-discord.ts';

let discord: LocalDiscord;
let client: Client<true>;
let guild: string;
let channel: string;
let staff: string;
let buyer: string;

const commands = [
  new SlashCommandBuilder()
    .setName('license')
    .setDescription('Licenses')
    .setDefaultMemberPermissions('1099511627776')
    .addSubcommand((sub) =>
      sub
        .setName('issue')
        .setDescription('Makes one')
        .addUserOption((option) => option.setName('user').setDescription('For whom').setRequired(true))
        .addStringOption((option) => option.setName('product').setDescription('Of what').setAutocomplete(true)),
    ),
  new SlashCommandBuilder()
    .setName('mylicenses')
    .setDescription('Yours')
    .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM),
].map((command) => command.toJSON());

async function answer(interaction: Interaction): Promise<void> {
  if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused();
    await interaction.respond([{ name: `Product ${typed}`, value: '7' }]);
  } else if (interaction.isChatInputCommand() && interaction.commandName === 'license') {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const user = interaction.options.getUser('user', true);
    await user.send({ content: 'Your key', files: [{ attachment: Buffer.from('a,b'), name: 'keys.csv' }] });
    await interaction.editReply(`Issued for ${user.username} in ${interaction.guild?.name ?? 'a DM'}`);
    await interaction.followUp({ content: 'And more', flags: MessageFlags.Ephemeral });
  } else if (interaction.isChatInputCommand()) {
    const button = new ButtonBuilder().setCustomId('rename').setLabel('Rename').setStyle(ButtonStyle.Primary);
    await interaction.reply({
      content: interaction.inGuild() ? 'in a guild' : 'in a DM',
      components: [new ActionRowBuilder<ButtonBuilder>().addComponents(button)],
      withResponse: true,
    });
  } else if (interaction.isButton()) {
    const input = new TextInputBuilder().setCustomId('name').setStyle(TextInputStyle.Short);
    const label = new LabelBuilder().setLabel('Name').setTextInputComponent(input);
    await interaction.showModal(new ModalBuilder().setCustomId('form').setTitle('Rename').addLabelComponents(label));
  } else if (interaction.isModalSubmit() && interaction.isFromMessage()) {
    await interaction.update({ content: `Named ${interaction.fields.getTextInputValue('name')}`, components: [] });
  }
}

beforeEach(async () => {
  discord = await startLocalDiscord();
  staff = discord.addUser({ username: 'staff' });
  buyer = discord.addUser({ username: 'buyer' });
  guild = discord.addGuild({ name: 'Shop', ownerId: staff });
  channel = discord.addChannel(guild, { name: 'general' });
  discord.addMember(guild, buyer);
  client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMembers],
    rest: { api: discord.url },
  });
  client.on(Events.InteractionCreate, (interaction) => {
    void answer(interaction);
  });
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  await ready;
  await client.application.commands.set(commands);
});

afterEach(async () => {
  await client.destroy();
  await discord.stop();
});

describe('an unmodified discord.js client', () => {
  test('sees its guilds, channels, roles and itself', () => {
    const cached = client.guilds.cache.get(guild);
    expect(cached?.name).toBe('Shop');
    expect(cached?.channels.cache.get(channel)?.name).toBe('general');
    expect(cached?.members.me?.permissions.has('ManageRoles')).toBe(true);
    expect(client.application.flags.has('GatewayGuildMembersLimited')).toBe(true);
  });

  test('answers a slash command that defers, writes a DM with a file, edits and follows up', async () => {
    const done = await discord.user(staff).command(guild, channel, 'license issue', { user: buyer });
    await done.until((one) => one.followUps.length === 1);
    expect(done.deferred).toBe(true);
    expect(done.reply).toMatchObject({ content: 'Issued for buyer in Shop', ephemeral: true, loading: false });
    expect(done.followUps[0]).toMatchObject({ content: 'And more', ephemeral: true });
    expect(discord.dms(buyer)[0]).toMatchObject({ content: 'Your key', files: [{ name: 'keys.csv', text: 'a,b' }] });
    expect(discord.messages(channel)).toEqual([]);
    expect(discord.messages(channel, buyer)).toEqual([]);
    expect(discord.messages(channel, staff)).toHaveLength(2);
  });

  test('offers choices while an option is typed', async () => {
    const typed = await discord.user(staff).autocomplete(guild, channel, 'license issue', 'product', { product: 'ab' });
    expect(typed.choices).toEqual([{ name: 'Product ab', value: '7' }]);
  });

  test('answers in a DM, opens a modal from a button and updates the message from the modal', async () => {
    const user = discord.user(buyer);
    const command = await user.command(null, null, 'mylicenses');
    expect(command.reply?.content).toBe('in a DM');
    const click = await user.click(command.reply!, 'Rename');
    expect(click.modal).toMatchObject({ title: 'Rename', fields: [{ label: 'Name', customId: 'name' }] });
    const submit = await user.submitModal(click.modal!, { Name: 'Bob' });
    expect(submit.updated).toBe(true);
    expect(discord.dms(buyer).map(({ content }) => content)).toEqual(['Named Bob']);
  });

  test('hears of members, roles and names', async () => {
    const heard: string[] = [];
    client.on(Events.GuildMemberAdd, (member) => heard.push(`joined ${member.user.username}`));
    client.on(Events.GuildMemberUpdate, (_, member) => heard.push(`roles ${member.roles.cache.size - 1}`));
    client.on(Events.UserUpdate, (_, user) => heard.push(`renamed ${user.username}`));
    const left = new Promise<void>((resolve) => {
      client.once(Events.GuildMemberRemove, (member) => {
        heard.push(`left ${member.id}`);
        resolve();
      });
    });
    const role = discord.addRole(guild, { name: 'VIP' });
    const newcomer = discord.addUser({ username: 'new' });
    discord.addMember(guild, newcomer);
    discord.giveRole(guild, newcomer, role);
    discord.renameUser(newcomer, { username: 'newer' });
    discord.removeMember(guild, newcomer);
    await left;
    expect(heard).toEqual(['joined new', 'roles 1', 'renamed newer', `left ${newcomer}`]);
  });

  test('reads and writes through the managers of discord.js', async () => {
    const role = discord.addRole(guild, { name: 'VIP' });
    const shop = await client.guilds.fetch(guild);
    expect((await client.application.fetch()).botPublic).toBe(true);
    expect((await shop.roles.fetch()).has(role)).toBe(true);
    expect((await shop.channels.fetch()).has(channel)).toBe(true);
    expect((await client.users.fetch(buyer)).username).toBe('buyer');
    expect((await client.application.commands.fetch()).map(({ name }) => name)).toEqual(['license', 'mylicenses']);
    const member = await shop.members.fetch(buyer);
    await member.roles.add(role, 'bought it');
    expect(discord.memberRoles(guild, buyer)).toEqual([role]);
    const text = await client.channels.fetch(channel);
    if (!text?.isSendable()) throw new Error('not a text channel');
    const sent = await text.send({ embeds: [{ title: 'Log' }], nonce: '5', enforceNonce: true });
    await sent.edit({ embeds: [{ title: 'Changed' }] });
    expect((await text.messages.fetch()).first()?.embeds[0]?.title).toBe('Changed');
    await sent.delete();
    expect(discord.messages(channel)).toEqual([]);
  });

  test('fetches all members through the gateway', async () => {
    const members = await client.guilds.cache.get(guild)!.members.fetch();
    expect(members.map(({ user }) => user.username).sort()).toEqual(['buyer', 'local-bot', 'staff']);
  });
});
