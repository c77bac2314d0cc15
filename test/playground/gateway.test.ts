import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Events, GatewayIntentBits, type Client } from 'discord.js';
import { WebSocket } from 'ws';
import { connect, setUpTestGuild, type TestSetup } from './bot.ts';

let setup: TestSetup;
let client: Client<true> | undefined;

beforeEach(async () => {
  setup = await setUpTestGuild({ rateLimits: false, now: () => Date.UTC(2026, 0, 1) });
});

afterEach(async () => {
  await client?.destroy();
  client = undefined;
  await setup.discord.stop();
});

/** A plain connection to the gateway. */
async function open(): Promise<WebSocket> {
  const { url } = (await setup.rest.get('/gateway/bot')) as { url: string };
  const socket = new WebSocket(`${url}?v=10&encoding=json`);
  await once(socket, 'message');
  return socket;
}

function identify(socket: WebSocket, change: object = {}): void {
  const d = { token: setup.discord.token, intents: GatewayIntentBits.Guilds, properties: {}, ...change };
  socket.send(JSON.stringify({ op: 2, d }));
}

async function closeCode(socket: WebSocket): Promise<unknown> {
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

describe('the gateway closes the connection', () => {
  test.each([
    ['4004 for a wrong token', { token: 'wrong' }, 4004],
    ['4013 for unknown intents', { intents: 1 << 30 }, 4013],
    ['4014 for a privileged intent that is switched off', { intents: GatewayIntentBits.MessageContent }, 4014],
    ['4010 for a shard that does not exist', { shard: [1, 2] }, 4010],
  ])('%s', async (_, change, code) => {
    const socket = await open();
    identify(socket, change);
    expect(await closeCode(socket)).toBe(code);
  });

  test('4002 for a payload over 4096 bytes', async () => {
    const socket = await open();
    socket.send(JSON.stringify({ op: 1, d: 'x'.repeat(4_096) }));
    expect(await closeCode(socket)).toBe(4002);
  });

  test('4002 for what is not JSON, 4003 for anything before IDENTIFY, 4001 for unknown opcodes', async () => {
    const broken = await open();
    broken.send('{');
    expect(await closeCode(broken)).toBe(4002);
    const early = await open();
    early.send(JSON.stringify({ op: 3, d: {} }));
    expect(await closeCode(early)).toBe(4003);
    const strange = await open();
    identify(strange);
    strange.send(JSON.stringify({ op: 99, d: {} }));
    expect(await closeCode(strange)).toBe(4001);
  });

  test('4005 for a second IDENTIFY', async () => {
    const socket = await open();
    identify(socket);
    identify(socket);
    expect(await closeCode(socket)).toBe(4005);
  });

  test('4008 for the 121st event of a minute', async () => {
    const socket = await open();
    for (let count = 0; count < 121; count += 1) socket.send(JSON.stringify({ op: 1, d: null }));
    expect(await closeCode(socket)).toBe(4008);
  });

  test('4012 for another version', async () => {
    const { url } = (await setup.rest.get('/gateway/bot')) as { url: string };
    expect(await closeCode(new WebSocket(`${url}?v=9&encoding=json`))).toBe(4012);
  });
});

test('a heartbeat is acknowledged', async () => {
  const socket = await open();
  socket.send(JSON.stringify({ op: 1, d: null }));
  const [data] = (await once(socket, 'message')) as [Buffer];
  expect(JSON.parse(data.toString())).toMatchObject({ op: 11 });
  socket.close();
});

test('an unknown session cannot be resumed: op 9', async () => {
  const socket = await open();
  socket.send(JSON.stringify({ op: 6, d: { token: setup.discord.token, session_id: 'gone', seq: 1 } }));
  const [data] = (await once(socket, 'message')) as [Buffer];
  expect(JSON.parse(data.toString())).toMatchObject({ op: 9, d: false });
  socket.close();
});

describe('intents decide which events a client receives', () => {
  test('without the members intent nothing of others; of itself always', async () => {
    client = await connect(setup.discord);
    const heard: string[] = [];
    client.on(Events.GuildMemberAdd, () => heard.push('add'));
    client.on(Events.GuildMemberUpdate, (_, member) => heard.push(`update ${member.user.username}`));
    const role = setup.discord.addRole(setup.guild, { name: 'VIP' });
    const done = once(client, Events.GuildMemberUpdate);
    setup.discord.giveRole(setup.guild, setup.buyer, role);
    setup.discord.giveRole(setup.guild, setup.discord.botUserId, role);
    await done;
    expect(heard).toEqual(['update local-bot']);
  });

  test('without the content intent others’ messages are empty, except those that name the bot', async () => {
    client = await connect(setup.discord, { intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages] });
    const heard: string[] = [];
    const mentioned = new Promise<void>((resolve) => {
      client?.on(Events.MessageCreate, (message) => {
        heard.push(message.content);
        if (heard.length === 2) resolve();
      });
    });
    const user = setup.discord.user(setup.buyer);
    user.say(setup.channel, 'secret');
    user.say(setup.channel, `<@${setup.discord.botUserId}> hi`);
    await mentioned;
    expect(heard).toEqual(['', `<@${setup.discord.botUserId}> hi`]);
  });

  test('the whole member list needs the members intent', async () => {
    const socket = await open();
    identify(socket);
    socket.send(JSON.stringify({ op: 8, d: { guild_id: setup.guild, query: '', limit: 0 } }));
    expect(await closeCode(socket)).toBe(4014);
  });
});

describe('guilds come and go', () => {
  test('the bot joins a guild while connected, and is kicked from one', async () => {
    client = await connect(setup.discord);
    const joined = once(client, Events.GuildCreate);
    const second = setup.discord.addGuild({ name: 'Second', ownerId: setup.owner });
    await joined;
    expect(client.guilds.cache.get(second)?.name).toBe('Second');
    const left = once(client, Events.GuildDelete);
    setup.discord.removeGuild(setup.guild);
    await left;
    expect(client.guilds.cache.has(setup.guild)).toBe(false);
  });
});

describe('a lost connection', () => {
  test('is resumed with what was missed, and a user’s command waits for it', async () => {
    client = await connect(setup.discord, { intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMembers] });
    const joined = once(client, Events.GuildMemberAdd);
    setup.discord.disconnectGateway();
    const newcomer = setup.discord.addUser({ username: 'new' });
    setup.discord.addMember(setup.guild, newcomer);
    const resumed = once(client, Events.ShardResume);
    await joined;
    await resumed;
    expect(setup.discord.isBotOnline()).toBe(true);
  });

  test('op 7 makes the client reconnect and resume', async () => {
    client = await connect(setup.discord);
    const resumed = once(client, Events.ShardResume);
    setup.discord.askToReconnect();
    await resumed;
    expect(setup.discord.isBotOnline()).toBe(true);
  });

  test('op 9 makes the client identify again', async () => {
    const waitForIdentify = () => Promise.resolve();
    client = await connect(setup.discord, {
      ws: { buildIdentifyThrottler: () => Promise.resolve({ waitForIdentify }) },
    });
    const again = once(client, Events.ShardReady);
    setup.discord.invalidateSessions();
    await again;
    expect(setup.discord.isBotOnline()).toBe(true);
  });
});

test('botPresence has the presence that a bot sets', async () => {
  client = await connect(setup.discord);
  client.user.setPresence({ status: 'idle' });
  const presence = await setup.discord.until(() => {
    const presence = setup.discord.botPresence() as { status: string };
    return presence.status === 'online' ? undefined : presence;
  });
  expect(presence.status).toBe('idle');
});
