import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PermissionFlagsBits } from 'discord.js';
import { type LocalDiscord, startLocalDiscord } from '../../playground/discord/local-discord.ts';
import { type RunningApp, startApp } from '../../src/app.ts';
import { describeWithMongod, sharedMongodbUri } from '../support/mongod.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { configOf } from '../support/command-line.ts';
import { send } from '../wire/support/send.ts';

type Seen = NonNullable<Awaited<ReturnType<ReturnType<LocalDiscord['user']>['click']>>['reply']>;

const root = join(import.meta.dirname, '..', '..');
const keyPattern = /^[A-Z2-9]{5}(?:-[A-Z2-9]{5}){4}$/;

const title = 'from a slash command to an authenticated client';
describe(`${title}, in one process over SQLite`, () => {
  tellStory(['api,bot,jobs'], () => ({}));
});
describeWithMongod(`${title}, in two processes over MongoDB`, () => {
  tellStory(['api', 'bot,jobs'], () => ({ MONGODB_URI: sharedMongodbUri(`latchkey-${randomUUID()}`) }));
});

/** `processes` are the roles of each; the first answers checks. */
function tellStory(processes: readonly string[], storeOf: () => Readonly<Record<string, string>>): void {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-story-'));
  let discord: LocalDiscord;
  let apps: readonly RunningApp[] = [];
  let storeEnv: Readonly<Record<string, string>>;
  let env: Readonly<Record<string, string>>;
  let people: { manager: string; staff: string; buyer: string; friend: string };
  let guildId: string;
  let general: string;
  let logs: Record<'valid' | 'failed' | 'admin', string>;
  let roles: { customer: string; plugin: string };
  let apiKey: string;
  let key: string;

  beforeAll(async () => {
    discord = await startLocalDiscord({ rateLimits: false });
    const [manager, staff, buyer, friend] = ['manager', 'staff', 'buyer', 'friend'].map((username) =>
      discord.addUser({ username }),
    ) as [string, string, string, string];
    people = { manager, staff, buyer, friend };
    guildId = discord.addGuild({ name: 'Shop', ownerId: manager });
    general = discord.addChannel(guildId, { name: 'general' });
    const channel = (name: string) => discord.addChannel(guildId, { name });
    logs = { valid: channel('valid'), failed: channel('failed'), admin: channel('admin') };
    roles = {
      customer: discord.addRole(guildId, { name: 'Customer' }),
      plugin: discord.addRole(guildId, { name: 'Plugin owner' }),
    };
    const staffRole = discord.addRole(guildId, { name: 'Staff', permissions: PermissionFlagsBits.ModerateMembers });
    discord.addMember(guildId, staff, { roles: [staffRole] });
    discord.addMember(guildId, buyer);
    discord.addMember(guildId, friend);
    storeEnv = { LATCHKEY_DATA_DIR: dataDir, ...storeOf() };
    env = {
      ...storeEnv,
      LATCHKEY_HTTP_PORT: '0',
      LATCHKEY_OPS_PORT: '0',
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.url,
    };
    await start();
  });

  afterAll(async () => {
    await stop();
    await discord.stop();
    rmSync(dataDir, { recursive: true });
  });

  async function start(): Promise<void> {
    const configs = processes.map((roles) => configOf({ ...env, LATCHKEY_ROLES: roles }));
    apps = await Promise.all(configs.map((config) => startApp(config, createRecordingLog())));
    for (const { botStarted } of apps) await botStarted;
    await discord.until(() => discord.isBotOnline() && discord.registeredCommands().length > 0);
  }

  async function stop(): Promise<void> {
    for (const app of apps) await app.stop();
  }

  const as = (person: keyof typeof people) => discord.user(people[person]);
  const command = (person: keyof typeof people, name: string, options = {}) =>
    as(person).command(guildId, general, name, options);
  const pick = (message: Seen | undefined, placeholder: string, value: string) =>
    as('manager').select(message!, message!.selects.find((one) => one.placeholder === placeholder)!.customId, [value]);
  const next = async (message: Seen | undefined) => (await as('manager').click(message!, 'Next')).reply;

  const check = (data: object) =>
    send(apps[0]!.port, {
      path: '/api/license/auth',
      headers: { authorization: apiKey, 'content-type': 'application/json', 'user-agent': 'program/2' },
      body: {
        data: { product: 'Plugin', version: '1.0.0', licensekey: key, ip: '203.0.113.5', hwid: 'PC-1', ...data },
      },
    });
  const licenseId = async (): Promise<string> => {
    const found = await as('staff').autocomplete(guildId, general, 'license info', 'license', { license: '' });
    return String(found.choices?.[0]?.value);
  };
  const posted = (channel: string, text: string) =>
    discord.until(() => discord.messages(channel).find((message) => message.text.includes(text)));
  const rolesAre = (person: keyof typeof people, ...ids: string[]) =>
    discord.until(() => {
      const has = discord.memberRoles(guildId, people[person]);
      return Object.values(roles).every((role) => has.includes(role) === ids.includes(role));
    });

  test('the manager sets the server up', async () => {
    let { reply } = await command('manager', 'setup');
    ({ reply } = await pick(reply, 'Channel for granted checks', logs.valid));
    ({ reply } = await pick(reply, 'Channel for refused checks', logs.failed));
    ({ reply } = await pick(reply, 'Channel for what staff did', logs.admin));
    ({ reply } = await pick(await next(reply), 'Customer role', roles.customer));
    const limitsStep = await next(await next(reply));
    const written = await as('manager').submitModal((await as('manager').click(limitsStep!, 'Other numbers')).modal!, {
      'How many IPs': '1',
      'How many HWIDs': '2',
      'How many MAC addresses': 'unlimited',
    });
    const keyStep = await next(written.reply);
    const made = await as('manager').click(keyStep!, 'Make an API key');
    await made.until(({ followUps }) => followUps.length === 1);
    apiKey = made.followUps[0]!.content;
    const done = await as('manager').click(keyStep!, 'Finish');
    expect(done.reply?.text).toContain('/product create');
  });

  test('a product is made, a license issued, and the buyer gets key and roles', async () => {
    const product = await command('manager', 'product create', {
      name: 'Plugin',
      version: '1.0.0',
      'buyer-role': roles.plugin,
    });
    expect(product.reply?.text).toContain('Plugin');
    const issued = await command('staff', 'license issue', { user: people.buyer, expires: '2030-12-31' });
    expect(issued.reply?.text).toContain('1 license issued');

    const dm = await discord.until(() => discord.dms(people.buyer).find(({ content }) => keyPattern.test(content)));
    key = dm.content;
    expect(issued.reply?.text).not.toContain(key);
    await rolesAre('buyer', roles.customer, roles.plugin);
    await posted(logs.admin, 'issued');
  });

  test('its program is answered with exactly the text of the protocol', async () => {
    const answer = await check({});
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(
      '{"status_msg":"Successful Authentication!","status_overview":"success","status_code":200,"version":"1.0.0",' +
        `"discord_id":"${people.buyer}","discord_username":"buyer","discord_tag":"@buyer#0000",` +
        '"expire_date":"12/31/2030","staff_license":false}',
    );
    const line = await posted(logs.valid, 'PC-1');
    expect(line.text).not.toContain(key);
    const shown = await command('staff', 'license logs', { license: await licenseId() });
    expect(shown.reply?.text).toContain('203.0.113.5');
  });

  test('a restart loses nothing', async () => {
    await stop();
    await start();
    expect((await check({})).status).toBe(200);
  });

  test('a second machine over the limit is refused, and the buyer sees why', async () => {
    const refused = await check({ ip: '198.51.100.7' });
    expect(refused).toMatchObject({
      status: 400,
      body: '{"message":"Maximum number of IPs reached","status_overview":"failed"}',
    });
    const line = await posted(logs.failed, '198.51.100.7');
    for (const part of ['too many IPs', 'Plugin', key.slice(-5), '1.0.0', '127.0.0.1', 'PC-1', 'program/2']) {
      expect(line.text).toContain(part);
    }
    const mine = await command('buyer', 'mylicenses');
    expect(mine.reply?.ephemeral).toBe(true);
    expect(mine.reply?.text).toContain('198.51.100.7');
    expect(mine.reply?.text).toContain('203.0.113.5');
    expect(mine.reply?.buttons.map(({ label }) => label)).toContain('Forget it');
  });

  test('staff reassigns it: roles and DMs follow, and the machines are free again', async () => {
    const moved = await command('staff', 'license reassign', { license: await licenseId(), user: people.friend });
    expect(moved.reply?.text).toContain('knows');
    await rolesAre('buyer');
    await rolesAre('friend', roles.customer, roles.plugin);
    await discord.until(() => discord.dms(people.friend).some(({ content }) => content === key));
    await discord.until(() => discord.dms(people.buyer).length > 2);
    expect(JSON.parse((await check({ ip: '198.51.100.7' })).body)).toMatchObject({ discord_username: 'friend' });
  });

  test('staff blacklists the address, the next check says so, and the entry counts it', async () => {
    const added = await command('staff', 'blacklist add ip', { ip: '198.51.100.7', reason: 'Charged back' });
    expect(added.reply?.text).toContain('198.51.100.7');
    expect(await check({ ip: '198.51.100.7' })).toMatchObject({
      status: 403,
      body: '{"message":"Your IP is blacklisted!","status_overview":"failed"}',
    });
    const { stdout } = await latchkey('blacklist', 'list');
    expect(JSON.parse(stdout)).toMatchObject({ entries: [{ type: 'ip', value: '198.51.100.7', hits: 1 }] });
  });

  test('the same reassign from the command line reaches Discord too', async () => {
    await latchkey('license', 'reassign', `key:${key}`, '--owner', people.buyer, '--new-key');
    await rolesAre('friend');
    await rolesAre('buyer', roles.customer, roles.plugin);
    const dm = await discord.until(() =>
      discord.dms(people.buyer).find(({ content }) => keyPattern.test(content) && content !== key),
    );
    expect((await check({})).body).toContain('License not found');
    key = dm.content;
    expect((await check({})).status).toBe(200);
  });

  test('no user was pinged, and no key stands in a channel', () => {
    const posts = Object.values(logs).map((channel) => discord.messages(channel));
    expect(posts.every((messages) => messages.length > 0)).toBe(true);
    for (const message of [...discord.messages(general), ...posts.flat()]) {
      expect(message.text).not.toContain(key);
      expect(message.pings).toEqual({ everyone: false, roles: [], users: [] });
    }
  });

  /** The command line as a process of its own, on the same store. */
  function latchkey(...args: string[]) {
    const ownEnv = { PATH: process.env.PATH, ...storeEnv };
    return promisify(execFile)(process.execPath, ['index.js', ...args, '--json'], { cwd: root, env: ownEnv });
  }
}
