import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PermissionFlagsBits } from 'discord.js';
import { refusalOf, setStage, type Stage } from './bot.ts';

let stage: Stage;
let role: string;

beforeEach(async () => {
  stage = await setStage();
  role = stage.discord.addRole(stage.guild, { name: 'Customer' });
});

afterEach(() => stage.discord.stop());

const nobody = '123456789012345678';
const rolePath = (user: string, id: string, guild = stage.guild) =>
  `/guilds/${guild}/members/${user}/roles/${id}` as const;

describe('giving and taking roles', () => {
  test('works below the bot’s own role, and the reason is kept', async () => {
    await stage.rest.put(rolePath(stage.buyer, role), { reason: 'License 5 – ä' });
    expect(stage.discord.memberRoles(stage.guild, stage.buyer)).toEqual([role]);
    expect(stage.discord.calls.at(-1)).toMatchObject({ method: 'PUT', reason: 'License 5 – ä', status: 204 });
    await stage.rest.delete(rolePath(stage.buyer, role));
    expect(stage.discord.memberRoles(stage.guild, stage.buyer)).toEqual([]);
  });

  test('is 50013 for a role as high as the bot’s, or higher', async () => {
    const high = stage.discord.addRole(stage.guild, { name: 'Admin', position: 50 });
    expect(await refusalOf(stage.rest.put(rolePath(stage.buyer, high)))).toMatchObject({ status: 403, code: 50013 });
    role = stage.discord.addRole(stage.guild, { name: 'Middle', position: 2 });
    stage.discord.setBotRolePosition(stage.guild, 1);
    expect(await refusalOf(stage.rest.put(rolePath(stage.buyer, role)))).toMatchObject({ status: 403, code: 50013 });
    expect(await refusalOf(stage.rest.delete(rolePath(stage.buyer, role)))).toMatchObject({ status: 403, code: 50013 });
  });

  test('is 50013 without Manage Roles', async () => {
    stage.discord.setBotPermissions(stage.guild, PermissionFlagsBits.SendMessages);
    expect(await refusalOf(stage.rest.put(rolePath(stage.buyer, role)))).toMatchObject({ status: 403, code: 50013 });
  });

  test('is refused for managed roles and @everyone', async () => {
    const managed = stage.discord.addRole(stage.guild, { name: 'Other bot', managed: true });
    expect(await refusalOf(stage.rest.put(rolePath(stage.buyer, managed)))).toMatchObject({ status: 403, code: 50013 });
    expect(await refusalOf(stage.rest.put(rolePath(stage.buyer, stage.guild)))).toMatchObject({
      status: 400,
      code: 50028,
    });
  });

  test('names what is unknown: guild, member, role', async () => {
    expect(await refusalOf(stage.rest.put(rolePath(stage.buyer, role, nobody)))).toMatchObject({
      status: 404,
      code: 10004,
    });
    expect(await refusalOf(stage.rest.put(rolePath(nobody, role)))).toMatchObject({ status: 404, code: 10007 });
    expect(await refusalOf(stage.rest.put(rolePath(stage.buyer, nobody)))).toMatchObject({ status: 404, code: 10011 });
  });

  test('as a list checks each role that changes', async () => {
    const path = `/guilds/${stage.guild}/members/${stage.buyer}` as const;
    await stage.rest.patch(path, { body: { roles: [role] } });
    expect(stage.discord.memberRoles(stage.guild, stage.buyer)).toEqual([role]);
    const high = stage.discord.addRole(stage.guild, { name: 'Admin', position: 50 });
    expect(await refusalOf(stage.rest.patch(path, { body: { roles: [role, high] } }))).toMatchObject({ code: 50013 });
  });
});

describe('roles and channels of a guild', () => {
  test('the bot makes roles below its own and grants nothing that it lacks', async () => {
    const path = `/guilds/${stage.guild}/roles` as const;
    const made = (await stage.rest.post(path, { body: { name: 'Buyers' } })) as { id: string };
    await stage.rest.put(rolePath(stage.buyer, made.id));
    const permissions = PermissionFlagsBits.Administrator.toString();
    expect(await refusalOf(stage.rest.post(path, { body: { permissions } }))).toMatchObject({ code: 50013 });
  });

  test('making a channel needs Manage Channels', async () => {
    const create = () => stage.rest.post(`/guilds/${stage.guild}/channels`, { body: { name: 'logs' } });
    expect(await refusalOf(create())).toMatchObject({ status: 403, code: 50013 });
    stage.discord.setBotPermissions(stage.guild, PermissionFlagsBits.ManageChannels);
    expect(await create()).toMatchObject({ name: 'logs', type: 0 });
  });
});

describe('members', () => {
  test('unknown ones are 10007, unknown users 10013', async () => {
    const stranger = stage.discord.addUser({ username: 'stranger' });
    expect(await refusalOf(stage.rest.get(`/guilds/${stage.guild}/members/${stranger}`))).toMatchObject({
      code: 10007,
    });
    expect(await refusalOf(stage.rest.get(`/guilds/${stage.guild}/members/${nobody}`))).toMatchObject({ code: 10013 });
    expect(await refusalOf(stage.rest.get(`/users/${nobody}`))).toMatchObject({ status: 404, code: 10013 });
  });

  test('are listed in pages only with the members switch', async () => {
    const list = () => stage.rest.get(`/guilds/${stage.guild}/members`, { query: new URLSearchParams({ limit: '2' }) });
    expect(await list()).toHaveLength(2);
    stage.discord.setPrivilegedIntents({ members: false });
    expect(await refusalOf(list())).toMatchObject({ status: 403, code: 50001 });
  });

  test('are searched by the beginning of a name', async () => {
    const query = new URLSearchParams({ query: 'BUY', limit: '5' });
    const found = (await stage.rest.get(`/guilds/${stage.guild}/members/search`, { query })) as {
      user: { id: string };
    }[];
    expect(found.map(({ user }) => user.id)).toEqual([stage.buyer]);
  });

  test('of a guild that the bot left are 10004', async () => {
    stage.discord.removeGuild(stage.guild);
    expect(await refusalOf(stage.rest.get(`/guilds/${stage.guild}`))).toMatchObject({ status: 404, code: 10004 });
    expect(await refusalOf(stage.rest.get(`/channels/${stage.channel}`))).toMatchObject({ status: 403, code: 50001 });
  });
});

describe('bans', () => {
  test('need Ban Members; one that is not there is 10026', async () => {
    const path = `/guilds/${stage.guild}/bans/${stage.buyer}` as const;
    expect(await refusalOf(stage.rest.get(path))).toMatchObject({ code: 50013 });
    stage.discord.setBotPermissions(stage.guild, PermissionFlagsBits.BanMembers);
    expect(await refusalOf(stage.rest.get(path))).toMatchObject({ status: 404, code: 10026 });
    stage.discord.banMember(stage.guild, stage.buyer, 'fraud');
    expect(await stage.rest.get(path)).toMatchObject({ reason: 'fraud', user: { id: stage.buyer } });
  });
});

describe('direct messages', () => {
  const open = (user = stage.buyer) =>
    stage.rest.post('/users/@me/channels', { body: { recipient_id: user } }) as Promise<{ id: string }>;
  const write = (channel: string) => stage.rest.post(`/channels/${channel}/messages`, { body: { content: 'hello' } });

  test('arrive, in one channel however often it is opened', async () => {
    const { id } = await open();
    expect((await open()).id).toBe(id);
    await write(id);
    expect(stage.discord.dms(stage.buyer)).toMatchObject([{ content: 'hello' }]);
  });

  test('to closed DMs are 50007 on the message, not on opening', async () => {
    stage.discord.closeDms(stage.buyer);
    const { id } = await open();
    expect(await refusalOf(write(id))).toMatchObject({ status: 403, code: 50007 });
    stage.discord.openDms(stage.buyer);
    await write(id);
  });

  test('to somebody who shares no guild are 50278', async () => {
    const { id } = await open();
    stage.discord.removeMember(stage.guild, stage.buyer);
    expect(await refusalOf(write(id))).toMatchObject({ status: 403, code: 50278 });
  });

  test('opened too fast are 40003; those that are open go on', async () => {
    stage.discord.limitDmOpens(1);
    const { id } = await open();
    expect(await refusalOf(open(stage.owner))).toMatchObject({ status: 403, code: 40003 });
    await write(id);
    expect((await open()).id).toBe(id);
    stage.discord.limitDmOpens(null);
    await open(stage.owner);
  });

  test('to nobody are 50033', async () => {
    expect(await refusalOf(open(nobody))).toMatchObject({ status: 400, code: 50033 });
  });
});
