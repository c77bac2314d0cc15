import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PermissionFlagsBits } from 'discord.js';
import { restErrorOf, setUpTestGuild, type TestSetup } from './bot.ts';

let setup: TestSetup;
let role: string;

beforeEach(async () => {
  setup = await setUpTestGuild();
  role = setup.discord.addRole(setup.guild, { name: 'Customer' });
});

afterEach(() => setup.discord.stop());

const unknownUser = '123456789012345678';
const rolePath = (user: string, id: string, guild = setup.guild) =>
  `/guilds/${guild}/members/${user}/roles/${id}` as const;

describe('giving and taking roles', () => {
  test('works below the bot’s own role, and the reason is kept', async () => {
    await setup.rest.put(rolePath(setup.buyer, role), { reason: 'License 5 – ä' });
    expect(setup.discord.memberRoles(setup.guild, setup.buyer)).toEqual([role]);
    expect(setup.discord.calls.at(-1)).toMatchObject({ method: 'PUT', reason: 'License 5 – ä', status: 204 });
    await setup.rest.delete(rolePath(setup.buyer, role));
    expect(setup.discord.memberRoles(setup.guild, setup.buyer)).toEqual([]);
  });

  test('is 50013 for a role as high as the bot’s, or higher', async () => {
    const high = setup.discord.addRole(setup.guild, { name: 'Admin', position: 50 });
    expect(await restErrorOf(setup.rest.put(rolePath(setup.buyer, high)))).toMatchObject({ status: 403, code: 50013 });
    role = setup.discord.addRole(setup.guild, { name: 'Middle', position: 2 });
    setup.discord.setBotRolePosition(setup.guild, 1);
    expect(await restErrorOf(setup.rest.put(rolePath(setup.buyer, role)))).toMatchObject({ status: 403, code: 50013 });
    expect(await restErrorOf(setup.rest.delete(rolePath(setup.buyer, role)))).toMatchObject({
      status: 403,
      code: 50013,
    });
  });

  test('is 50013 without Manage Roles', async () => {
    setup.discord.setBotPermissions(setup.guild, PermissionFlagsBits.SendMessages);
    expect(await restErrorOf(setup.rest.put(rolePath(setup.buyer, role)))).toMatchObject({ status: 403, code: 50013 });
  });

  test('fails for managed roles and @everyone', async () => {
    const managed = setup.discord.addRole(setup.guild, { name: 'Other bot', managed: true });
    expect(await restErrorOf(setup.rest.put(rolePath(setup.buyer, managed)))).toMatchObject({
      status: 403,
      code: 50013,
    });
    expect(await restErrorOf(setup.rest.put(rolePath(setup.buyer, setup.guild)))).toMatchObject({
      status: 400,
      code: 50028,
    });
  });

  test('names what is unknown: guild, member, role', async () => {
    expect(await restErrorOf(setup.rest.put(rolePath(setup.buyer, role, unknownUser)))).toMatchObject({
      status: 404,
      code: 10004,
    });
    expect(await restErrorOf(setup.rest.put(rolePath(unknownUser, role)))).toMatchObject({ status: 404, code: 10007 });
    expect(await restErrorOf(setup.rest.put(rolePath(setup.buyer, unknownUser)))).toMatchObject({
      status: 404,
      code: 10011,
    });
  });

  test('as a list checks each role that changes', async () => {
    const path = `/guilds/${setup.guild}/members/${setup.buyer}` as const;
    await setup.rest.patch(path, { body: { roles: [role] } });
    expect(setup.discord.memberRoles(setup.guild, setup.buyer)).toEqual([role]);
    const high = setup.discord.addRole(setup.guild, { name: 'Admin', position: 50 });
    expect(await restErrorOf(setup.rest.patch(path, { body: { roles: [role, high] } }))).toMatchObject({ code: 50013 });
  });
});

describe('roles and channels of a guild', () => {
  test('the bot makes roles below its own and grants nothing that it lacks', async () => {
    const path = `/guilds/${setup.guild}/roles` as const;
    const made = (await setup.rest.post(path, { body: { name: 'Buyers' } })) as { id: string };
    await setup.rest.put(rolePath(setup.buyer, made.id));
    const permissions = PermissionFlagsBits.Administrator.toString();
    expect(await restErrorOf(setup.rest.post(path, { body: { permissions } }))).toMatchObject({ code: 50013 });
  });

  test('making a channel needs Manage Channels', async () => {
    const create = () => setup.rest.post(`/guilds/${setup.guild}/channels`, { body: { name: 'logs' } });
    expect(await restErrorOf(create())).toMatchObject({ status: 403, code: 50013 });
    setup.discord.setBotPermissions(setup.guild, PermissionFlagsBits.ManageChannels);
    expect(await create()).toMatchObject({ name: 'logs', type: 0 });
  });
});

describe('members', () => {
  test('unknown ones are 10007, unknown users 10013', async () => {
    const stranger = setup.discord.addUser({ username: 'stranger' });
    expect(await restErrorOf(setup.rest.get(`/guilds/${setup.guild}/members/${stranger}`))).toMatchObject({
      code: 10007,
    });
    expect(await restErrorOf(setup.rest.get(`/guilds/${setup.guild}/members/${unknownUser}`))).toMatchObject({
      code: 10013,
    });
    expect(await restErrorOf(setup.rest.get(`/users/${unknownUser}`))).toMatchObject({ status: 404, code: 10013 });
  });

  test('are listed in pages only with the members switch', async () => {
    const list = () => setup.rest.get(`/guilds/${setup.guild}/members`, { query: new URLSearchParams({ limit: '2' }) });
    expect(await list()).toHaveLength(2);
    setup.discord.setPrivilegedIntents({ members: false });
    expect(await restErrorOf(list())).toMatchObject({ status: 403, code: 50001 });
  });

  test('are searched by the beginning of a name', async () => {
    const query = new URLSearchParams({ query: 'BUY', limit: '5' });
    const found = (await setup.rest.get(`/guilds/${setup.guild}/members/search`, { query })) as {
      user: { id: string };
    }[];
    expect(found.map(({ user }) => user.id)).toEqual([setup.buyer]);
  });

  test('of a guild that the bot left are 10004', async () => {
    setup.discord.removeGuild(setup.guild);
    expect(await restErrorOf(setup.rest.get(`/guilds/${setup.guild}`))).toMatchObject({ status: 404, code: 10004 });
    expect(await restErrorOf(setup.rest.get(`/channels/${setup.channel}`))).toMatchObject({ status: 403, code: 50001 });
  });
});

describe('bans', () => {
  test('need Ban Members; one that is not there is 10026', async () => {
    const path = `/guilds/${setup.guild}/bans/${setup.buyer}` as const;
    expect(await restErrorOf(setup.rest.get(path))).toMatchObject({ code: 50013 });
    setup.discord.setBotPermissions(setup.guild, PermissionFlagsBits.BanMembers);
    expect(await restErrorOf(setup.rest.get(path))).toMatchObject({ status: 404, code: 10026 });
    setup.discord.banMember(setup.guild, setup.buyer, 'fraud');
    expect(await setup.rest.get(path)).toMatchObject({ reason: 'fraud', user: { id: setup.buyer } });
  });
});

describe('direct messages', () => {
  const open = (user = setup.buyer) =>
    setup.rest.post('/users/@me/channels', { body: { recipient_id: user } }) as Promise<{ id: string }>;
  const write = (channel: string) => setup.rest.post(`/channels/${channel}/messages`, { body: { content: 'hello' } });

  test('arrive, in one channel however often it is opened', async () => {
    const { id } = await open();
    expect((await open()).id).toBe(id);
    await write(id);
    expect(setup.discord.dms(setup.buyer)).toMatchObject([{ content: 'hello' }]);
  });

  test('to closed DMs are 50007 on the message, not on opening', async () => {
    setup.discord.closeDms(setup.buyer);
    const { id } = await open();
    expect(await restErrorOf(write(id))).toMatchObject({ status: 403, code: 50007 });
    setup.discord.openDms(setup.buyer);
    await write(id);
  });

  test('to a user who shares no guild with the bot are 50278', async () => {
    const { id } = await open();
    setup.discord.removeMember(setup.guild, setup.buyer);
    expect(await restErrorOf(write(id))).toMatchObject({ status: 403, code: 50278 });
  });

  test('opened too fast are 40003; those that are open go on', async () => {
    setup.discord.limitDmOpens(1);
    const { id } = await open();
    expect(await restErrorOf(open(setup.owner))).toMatchObject({ status: 403, code: 40003 });
    await write(id);
    expect((await open()).id).toBe(id);
    setup.discord.limitDmOpens(null);
    await open(setup.owner);
  });

  test('to an unknown user are 50033', async () => {
    expect(await restErrorOf(open(unknownUser))).toMatchObject({ status: 400, code: 50033 });
  });
});
