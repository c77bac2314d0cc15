import { afterEach, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { openStore, type RunningApp, startApp } from '../../src/app.ts';
import { addressNote, trustedProxiesNote } from '../../src/domain/notes.ts';
import { commandLine } from '../../src/domain/actor.ts';
import { configOf } from '../support/command-line.ts';
import { describeWithMongod, sharedMongodbUri } from '../support/mongod.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { tkiCheck } from '../support/running-shop.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';
import { send } from '../wire/support/send.ts';

const makeFolder = useTemporaryFolders();
const running: RunningApp[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.stop();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function start(roles: string, store: Readonly<Record<string, string>> = {}) {
  const ports = { LATCHKEY_HTTP_PORT: '0', LATCHKEY_OPS_PORT: String(await freePort()) };
  const config = configOf({ LATCHKEY_DATA_DIR: makeFolder(), LATCHKEY_ROLES: roles, ...ports, ...store });
  const app = await startApp(config, createRecordingLog());
  running.push(app);
  return { app, config };
}

test.each([
  ['api', 403],
  ['bot,jobs', 404],
])('a process that does %s answers a check with %i, and tells its health on both ports', async (roles, status) => {
  const { app } = await start(roles);
  expect(await send(app.port, tkiCheck('no-such-key', {}))).toMatchObject({ status });
  for (const port of [app.port, app.opsPort!]) {
    expect(await send(port, { method: 'GET', path: '/healthz' })).toMatchObject({ status: 200 });
    expect(await send(port, { method: 'GET', path: '/readyz' })).toMatchObject({
      status: 200,
      body: '{"status":"ready","store":"ok","bot":"off"}',
    });
  }
});

test.each([
  ['api', true],
  ['bot,jobs', false],
])('address and proxies are those of a process that does %s: %p', async (roles, isIt) => {
  const { app, config } = await start(roles, { LATCHKEY_HTTP_TRUSTED_PROXIES: '192.0.2.1,loopback' });
  const { storage } = await openStore(config, { server: false, publicUrl: () => '' });
  expect(await storage.note(addressNote)).toBe(isIt ? app.url : null);
  // So that the bot, perhaps on another machine, does not blacklist the proxy without asking.
  expect(await storage.note(trustedProxiesNote)).toBe(isIt ? '192.0.2.1,loopback' : null);
  await storage.close();
});

describeWithMongod('several processes on one MongoDB', () => {
  const onMongodb = () => ({
    MONGODB_URI: sharedMongodbUri(`latchkey-${randomUUID()}`),
    LATCHKEY_MASTER_KEY: randomBytes(32).toString('base64'),
  });

  test('each knows at the next check what was confirmed on another', async () => {
    const store = onMongodb();
    const first = await start('api', store);
    const second = await start('api', store);
    const { storage, services } = await openStore(first.config, { server: false, publicUrl: () => '' });
    const { guild, license, key, apiKey } = await services.guilds.quickstart();
    const check = tkiCheck(apiKey.secret, { product: 'Quickstart', licensekey: key });
    for (const { app } of [first, second]) expect(await send(app.port, check)).toMatchObject({ status: 200 });
    await services.licenses.suspend({ guildId: guild.id, actor: commandLine, licenseId: license.id });
    for (const { app } of [first, second]) expect(await send(app.port, check)).toMatchObject({ status: 403 });
    await storage.close();
  });

  test('one with another master key does not start, and a second one of the same roles does', async () => {
    const store = onMongodb();
    await start('api,bot,jobs', store);
    await start('api,bot,jobs', store);
    const other = { ...store, LATCHKEY_MASTER_KEY: randomBytes(32).toString('base64') };
    await expect(start('api', other)).rejects.toThrow('master key');
  });

  test('jobs run, but for the backup of an embedded store that is not there', async () => {
    const { app, config } = await start('jobs', onMongodb());
    await app.stop();
    const { storage } = await openStore(config, { server: false, publicUrl: () => '' });
    expect(await storage.note('job.expiry')).not.toBeNull();
    expect(await storage.note('job.backup')).toBeNull();
    await storage.close();
  });
});
