import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { commands } from '../../commands/index.ts';
import { type LocalDiscord, startLocalDiscord } from '../../playground/discord/local-discord.ts';
import { runCommandLine } from '../../src/app.ts';
import { configOf } from '../support/command-line.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

describe('latchkey discord register', () => {
  const makeFolder = useTemporaryFolders();
  let discord: LocalDiscord;
  let dataDir: string;
  beforeEach(async () => {
    discord = await startLocalDiscord({ rateLimits: false });
    dataDir = makeFolder();
    await runIn(dataDir, ['guild', 'add', '100000000000000001', '--name', 'Shop']);
  });
  afterEach(() => discord.stop());

  async function runIn(dir: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const config = configOf({
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.url,
      LATCHKEY_DATA_DIR: dir,
      ...env,
    });
    const exitCode = await runCommandLine([...argv, '--json'], config, { stdin: Readable.from([]), stdout, stderr });
    stdout.end();
    return { exitCode, json: JSON.parse(await text(stdout)) as unknown };
  }
  const run = (args: readonly string[], env?: Readonly<Record<string, string>>) =>
    runIn(dataDir, ['discord', 'register', ...args], env);
  const puts = () => discord.calls.filter(({ method }) => method === 'PUT').length;

  test('registers every command, and the second time changes nothing', async () => {
    const count = commands.length;
    expect(await run([])).toEqual({ exitCode: 0, json: { registered: count, removed: 0 } });
    expect(discord.registeredCommands()).toHaveLength(count);
    expect(await run([])).toEqual({ exitCode: 0, json: { registered: 0, removed: 0 } });
    expect(puts()).toBe(1);
  });

  test('connects to no gateway', async () => {
    await run([]);
    expect(discord.isBotOnline()).toBe(false);
    expect(discord.calls.map(({ route }) => route)).toEqual([
      '/applications/@me',
      '/applications/:application/commands',
      '/applications/:application/commands',
    ]);
  });

  test('takes the application from DISCORD_CLIENT_ID where that is set', async () => {
    await run([], { DISCORD_CLIENT_ID: discord.applicationId });
    expect(discord.calls.map(({ route }) => route)).not.toContain('/applications/@me');
    expect(discord.registeredCommands()).toHaveLength(commands.length);
  });

  test('with --guild leaves the global commands alone', async () => {
    const ownerId = discord.addUser({ username: 'owner' });
    const guildId = discord.addGuild({ name: 'Shop', ownerId });
    const count = commands.length;
    expect((await run(['--guild', guildId])).json).toEqual({ registered: count, removed: 0 });
    expect(discord.registeredCommands(guildId)).toHaveLength(count);
    expect(discord.registeredCommands()).toEqual([]);
    expect((await run([])).json).toEqual({ registered: count, removed: 0 });
    expect((await run(['--guild', guildId, '--clear'])).json).toEqual({ registered: 0, removed: count });
    expect(discord.registeredCommands(guildId)).toEqual([]);
    expect(discord.registeredCommands()).toHaveLength(count);
  });

  test('with --clear removes them, and registers them again later', async () => {
    const count = commands.length;
    await run([]);
    expect((await run(['--clear'])).json).toEqual({ registered: 0, removed: count });
    expect(discord.registeredCommands()).toEqual([]);
    expect((await run(['--clear'])).json).toEqual({ registered: 0, removed: 0 });
    expect((await run([])).json).toEqual({ registered: count, removed: 0 });
  });

  const failure = (exitCode: number, code: string, message: string) => ({
    exitCode,
    json: { error: { code, message: expect.stringContaining(message) } },
  });

  test('says what to do about a token that Discord does not know, without naming it', async () => {
    const token = discord.token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const refused = await run([], { DISCORD_TOKEN: token });
    expect(refused).toEqual(failure(1, 'discord-failed', 'Discord does not know DISCORD_TOKEN'));
    expect(JSON.stringify(refused)).not.toContain(token);
  });

  test('says what is wrong with a server, an application, or the line to Discord', async () => {
    const unknown = '999999999999999999';
    expect(await run(['--guild', unknown])).toEqual(failure(1, 'discord-failed', 'not in that server'));
    expect(await run(['--guild', 'Shop'])).toEqual(failure(2, 'misuse', 'not the id of a Discord server'));
    const wrong = await run([], { DISCORD_CLIENT_ID: unknown });
    expect(wrong).toEqual(failure(1, 'discord-failed', 'DISCORD_CLIENT_ID'));
    discord.inject({ status: 403, method: 'GET', body: { code: 0, message: 'Blocked' } });
    expect(await run([])).toEqual(failure(1, 'discord-failed', 'Discord said: Blocked.'));
    discord.startOutage('refuse');
    expect(await run([])).toEqual(failure(1, 'discord-failed', 'cannot be reached'));
    expect(discord.registeredCommands()).toEqual([]);
  });

  test('needs DISCORD_TOKEN', async () => {
    expect(await run([], { DISCORD_TOKEN: '' })).toEqual(failure(1, 'no-token', 'DISCORD_TOKEN is not set'));
  });
});

test('one copy of @discordjs/rest is installed, the one that discord.js depends on', () => {
  const lock = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
  const { packages } = JSON.parse(lock) as { packages: Readonly<Record<string, unknown>> };
  const copies = Object.keys(packages).filter((path) => path.endsWith('node_modules/@discordjs/rest'));
  expect(copies).toEqual(['node_modules/@discordjs/rest']);
});
