import { afterEach, expect, test } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { openStore, type RunningApp, startApp } from '../../src/app.ts';
import { addressNote } from '../../src/cli/notes.ts';
import { configOf } from '../support/command-line.ts';
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

async function start(roles: string) {
  const ports = { LATCHKEY_HTTP_PORT: '0', LATCHKEY_OPS_PORT: String(await freePort()) };
  const config = configOf({ LATCHKEY_DATA_DIR: makeFolder(), LATCHKEY_ROLES: roles, ...ports });
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
])('quickstart sends clients to a process that does %s: %p', async (roles, isIt) => {
  const { app, config } = await start(roles);
  const { storage } = await openStore(config, { server: false, publicUrl: () => '' });
  expect(await storage.note(addressNote)).toBe(isIt ? app.url : null);
  await storage.close();
});
