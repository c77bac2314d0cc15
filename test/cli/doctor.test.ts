import { expect, test } from '@jest/globals';
import { randomBytes, X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, succeed } from '../../src/domain/values/result.ts';
import { createLogChannelService } from '../../src/services/log-channels.ts';
import { createServices } from '../../src/services/services.ts';
import { configOf, guildId as shopId, useCommandLine, withShop } from '../support/command-line.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const commandLine = useCommandLine();
const folder = useTemporaryFolders();

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix: string | null;
}

/** A data folder as a first start leaves it. */
function dataFolder(): string {
  const dir = folder();
  writeFileSync(join(dir, 'master.key'), `${Buffer.alloc(32, 7).toString('base64')}\n`, { mode: 0o600 });
  return dir;
}

function doctor(
  env: Readonly<Record<string, string>> = {},
  own: NonNullable<Parameters<typeof commandLine>[0]> = {},
  dir = dataFolder(),
) {
  const line = commandLine({ config: configOf({ LATCHKEY_DATA_DIR: dir, ...env }), ...own });
  const examine = async () => {
    const { exitCode, out } = await line.run('doctor', '--json');
    const { checks } = JSON.parse(out) as { checks: readonly Finding[] };
    return { exitCode, checks, of: (name: string) => checks.find((check) => check.name === name) };
  };
  return { line, examine };
}

test('after a first start and a quickstart there is only advice, and the exit code is 0', async () => {
  const { line, examine } = doctor();
  await line.json('quickstart');
  const { exitCode, checks } = await examine();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(exitCode).toBe(0);
  for (const check of checks) expect(Object.keys(check)).toEqual(['name', 'ok', 'detail', 'fix']);
  expect(checks.map(({ name }) => name)).toEqual([
    ...['program', 'data folder', 'disk space', 'store', 'master key', 'backups', 'clock'],
    ...['file system', 'server', 'address', 'proxies', 'bot'],
  ]);
});

test('without --json each finding is a line with its fix below it, and problems stand out', async () => {
  const { line } = doctor({}, { open: () => Promise.reject(new Error('It was made with another master key.')) });
  const { exitCode, out } = await line.run('doctor');
  expect(exitCode).toBe(1);
  expect(out).toMatch(/^PROBLEM {2}store +It was made with another master key\.\n +→ /m);
  expect(out).toMatch(/^ok {7}program /m);
  expect(out).toMatch(/^advice {3}server /m);
});

test('a store that this user may not use is a finding, and everything else is still checked', async () => {
  const sentence = '/srv/data cannot be read: it belongs to root, and this program runs as alice.';
  const refuse = () => Promise.reject(new Error(sentence));
  const { exitCode, checks, of } = await doctor({}, { open: refuse, isServerRunning: refuse }).examine();
  expect([exitCode, of('store')?.detail]).toEqual([1, sentence]);
  expect(checks.map(({ name }) => name)).toContain('address');
});

test('a master key that others can read is a problem, a configured one is not', async () => {
  const dir = dataFolder();
  chmodSync(join(dir, 'master.key'), 0o644);
  const { exitCode, of } = await doctor({}, {}, dir).examine();
  expect([exitCode, of('master key')?.ok]).toEqual([1, false]);
  const masterKey = Buffer.alloc(32, 7).toString('base64');
  const configured = await doctor({ LATCHKEY_MASTER_KEY: masterKey }, {}, dir).examine();
  expect(configured.of('master key')).toMatchObject({ ok: true, fix: null });
});

test('an undeclared proxy is a problem for a day after its last request', async () => {
  const { line, examine } = doctor();
  await line.storage.setNote('http.undeclared-proxy', `${line.clock.now().toISOString()} 172.18.0.2`, null);
  const seen = await examine();
  expect([seen.exitCode, seen.of('proxies')?.ok]).toEqual([1, false]);
  expect(seen.of('proxies')?.detail).toContain('172.18.0.2');
  line.clock.advance(25 * 3_600_000);
  expect((await examine()).of('proxies')).toMatchObject({ ok: true, fix: null });
  line.clock.advance(-200 * 86_400_000);
  expect((await examine()).of('proxies')).toMatchObject({ ok: true, fix: null });
});

test('a clock that was set back is a problem', async () => {
  const { line, examine } = doctor();
  await withShop(line);
  line.clock.advance(-3_600_000);
  const { exitCode, of } = await examine();
  expect([exitCode, of('clock')?.ok]).toEqual([1, false]);
});

test('a clock that is long past the newest entry is advice, since the installation may have been off for that long', async () => {
  const { line, examine } = doctor();
  await withShop(line);
  line.clock.advance(200 * 86_400_000);
  // As a program that was just started sees it.
  const { storage, clock } = line;
  const services = createServices({ storage, clock: clock.now, randomBytes, publicUrl: () => '' });
  const open = () => Promise.resolve({ services, storage, close: () => Promise.resolve() });
  const late = doctor({}, { open, now: clock.now });
  const { exitCode, of } = await late.examine();
  expect([exitCode, of('clock')?.ok]).toEqual([0, true]);
  expect(of('clock')?.detail).toContain('cannot be believed');
  expect(of('clock')?.fix).toContain('within an hour');
  expect((await examine()).of('clock')?.fix).toBeNull();
});

test('old backups are a problem while a server runs, because it should have made newer ones', async () => {
  const dir = dataFolder();
  mkdirSync(join(dir, 'backups'));
  const file = join(dir, 'backups', 'latchkey-2026-02-20T032300Z.sqlite');
  writeFileSync(file, '');
  utimesSync(file, new Date('2026-02-20T03:23:00Z'), new Date('2026-02-20T03:23:00Z'));
  const stopped = await doctor({}, {}, dir).examine();
  expect(stopped.of('backups')).toMatchObject({ ok: true, detail: 'The newest is from 2026-02-20.' });
  const running = await doctor({}, { isServerRunning: () => Promise.resolve(true) }, dir).examine();
  expect(running.of('backups')?.ok).toBe(false);
  // One of a clock that was ahead says nothing about the nights since.
  const ahead = join(dir, 'backups', 'latchkey-2026-09-17T032300Z.sqlite');
  writeFileSync(ahead, '');
  utimesSync(ahead, new Date('2026-09-17T03:23:00Z'), new Date('2026-09-17T03:23:00Z'));
  const after = await doctor({}, { isServerRunning: () => Promise.resolve(true) }, dir).examine();
  expect(after.of('backups')).toMatchObject({ ok: false, detail: 'The newest is from 2026-02-20.' });
});

test('for a store in MongoDB neither the disk nor backups are checked, and the server may run on other machines', async () => {
  const dir = folder();
  const { examine } = doctor({ MONGODB_URI: 'mongodb://db', LATCHKEY_MASTER_KEY: 'k'.repeat(43) }, {}, dir);
  const { exitCode, checks, of } = await examine();
  expect(exitCode).toBe(0);
  expect(checks.map(({ name }) => name)).toEqual([
    ...['program', 'store', 'master key', 'backups', 'clock', 'server', 'address', 'proxies', 'bot'],
  ]);
  expect(of('backups')).toMatchObject({ fix: null, detail: expect.stringContaining('mongodump') });
  expect(of('server')?.fix).toContain('other machines');
});

const soundSet = { members: 3, arbiters: 0, heartbeatIntervalMs: 500, isJournaled: true };
test.each([
  ['sound', soundSet, true, null],
  ['that cannot be read', null, true, 'clusterMonitor'],
  ['of one member', { ...soundSet, members: 1 }, true, 'three'],
  ['slow to notice a primary that hangs', { ...soundSet, heartbeatIntervalMs: 2_000 }, true, 'heartbeatIntervalMillis'],
  ['with an arbiter', { ...soundSet, arbiters: 1 }, false, 'members with data'],
  ['without journals', { ...soundSet, isJournaled: false }, false, 'writeConcernMajorityJournalDefault'],
])('the replica set is checked: one %s', async (_, config, ok, fix) => {
  const { line, examine } = doctor();
  line.storage.replicaSet = () => Promise.resolve({ clockAheadMs: 0, missingIndexes: [], config });
  const found = (await examine()).of('replica set');
  expect(found).toMatchObject({ ok, fix: fix === null ? null : expect.stringContaining(fix) });
});

test('a missing index is a problem, and is named', async () => {
  const { line, examine } = doctor();
  const missingIndexes = ['licenses.productId_id'];
  line.storage.replicaSet = () => Promise.resolve({ clockAheadMs: 0, missingIndexes, config: soundSet });
  const found = (await examine()).of("MongoDB's indexes");
  expect(found).toMatchObject({ ok: false, detail: expect.stringContaining('licenses.productId_id') });
});

test.each([
  [1_900, true],
  [-1_900, true],
  [2_100, false],
  [-2_100, false],
])('a server whose clock is %i ms ahead passes: %p', async (clockAheadMs, ok) => {
  const { line, examine } = doctor();
  line.storage.replicaSet = () => Promise.resolve({ clockAheadMs, missingIndexes: [], config: soundSet });
  expect((await examine()).of("MongoDB's clock")?.ok).toBe(ok);
});

test('the certificate is checked: its key, and when it expires', async () => {
  const pem = (name: string) => join(import.meta.dirname, '../support/tls', name);
  const end = Date.parse(new X509Certificate(readFileSync(pem('first.cert.pem'))).validTo);
  const at = async (ms: number, key = pem('first.key.pem')) => {
    const env = { LATCHKEY_HTTP_TLS_CERT: pem('first.cert.pem'), LATCHKEY_HTTP_TLS_KEY: key };
    return (await doctor(env, { now: () => new Date(ms) }).examine()).of('certificate');
  };
  expect(await at(end - 30 * 86_400_000)).toMatchObject({ ok: true, fix: null });
  expect(await at(end - 5 * 86_400_000)).toMatchObject({ ok: true, fix: expect.stringContaining('Renew') });
  expect(await at(end + 86_400_000)).toMatchObject({ ok: false });
  expect(await at(end - 30 * 86_400_000, pem('second.key.pem'))).toMatchObject({ ok: false });
  expect(await at(end - 30 * 86_400_000, pem('missing.pem'))).toMatchObject({ ok: false });
});

test('guilds without log channels and staff roles get advice', async () => {
  const { line, examine } = doctor();
  await withShop(line);
  const bare = await examine();
  expect(bare.of('log channels')).toMatchObject({ ok: true, detail: expect.stringContaining('channels.valid (Shop)') });
  expect(bare.of('staff roles')).toMatchObject({ ok: true, fix: expect.any(String) });
  for (const channel of ['valid', 'failed', 'admin', 'alerts']) {
    await line.json('settings', 'set', `channels.${channel}`, '400000000000000001');
  }
  await line.json('settings', 'set', 'roles.logs', '500000000000000001');
  const set = await examine();
  expect(set.of('log channels')).toMatchObject({ ok: true, fix: null });
  expect(set.of('staff roles')).toMatchObject({ ok: true, fix: null });
});

test.each([
  [{}, 'Only programs on this machine'],
  [{ LATCHKEY_HTTP_HOST: '0.0.0.0' }, 'Other machines can reach'],
  [{ LATCHKEY_HTTP_PUBLIC_URL: 'http://localhost:3000' }, 'only this machine can reach'],
  [{ LATCHKEY_HTTP_PUBLIC_URL: 'https://license.example.com' }, 'https://license.example.com'],
])('with %j the address is reported as: %s', async (env, expected) => {
  expect((await doctor(env).examine()).of('address')).toMatchObject({
    ok: true,
    detail: expect.stringContaining(expected),
  });
});

test('a log channel that takes no posts is a problem, with how many lines it has missed', async () => {
  const { line, examine } = doctor();
  await withShop(line);
  await line.json('settings', 'set', 'channels.failed', '400000000000000001');
  expect((await examine()).of('log posts')).toMatchObject({ ok: true, fix: null });
  const at = new Date('2026-03-01T12:00:00Z');
  const posts = { channelId: '400000000000000001', lines: 12, since: at, until: at };
  const missed = {
    channels: { failed: { ...posts, problem: { code: 'no-permission' } } },
    ownerNotified: false,
  } as const;
  await createLogChannelService(line).setMissed(shopId, missed, null);
  expect((await examine()).of('log posts')).toMatchObject({
    ok: false,
    detail:
      'Shop: channels.failed has missed 12 lines since 2026-03-01T12:00:00.000Z, because the bot may not post there.',
    fix: expect.stringContaining('Send Messages'),
  });
});

test('staff roles that do not see their commands are named, and what another program left', async () => {
  const asked: string[] = [];
  const { line, examine } = doctor(
    { DISCORD_TOKEN: 'token' },
    {
      inspectCommands: ({ guildId }) => {
        asked.push(guildId);
        const hidden = [{ role: { name: 'Helper' }, commands: ['settings', 'apikey'] }];
        return Promise.resolve(succeed({ hidden, foreign: ['key'] }));
      },
    },
  );
  await withShop(line);
  const found = (await examine()).of('commands');
  expect(asked).toEqual([shopId]);
  expect(found).toMatchObject({
    ok: true,
    detail: 'Shop: members with the role “Helper” do not see /settings, /apikey. Shop: another program left /key.',
    fix: expect.stringMatching(/Integrations.*\/setup/),
  });
});

test('where Discord cannot be asked about the commands, that is advice', async () => {
  const inspectCommands = () => Promise.resolve(fail('Discord cannot be reached: timeout.'));
  const { line, examine } = doctor({ DISCORD_TOKEN: 'token' }, { inspectCommands });
  await withShop(line);
  const { exitCode, of } = await examine();
  expect([exitCode, of('commands')]).toMatchObject([
    0,
    { ok: true, detail: 'Shop: Discord cannot be reached: timeout.' },
  ]);
});
