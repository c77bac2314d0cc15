import { expect, test } from '@jest/globals';
import { openStore, startApp } from '../../src/app.ts';
import { configOf } from '../support/command-line.ts';
import { deny } from '../support/grants.ts';
import { by, valueOf } from '../support/open-services.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { addPopulatedGuild } from '../support/storage-fixtures.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';
import { tkiCheck } from '../support/running-shop.ts';
import { createTestClock } from '../support/test-clock.ts';
import { send } from '../wire/support/send.ts';

const makeFolder = useTemporaryFolders();
const dayMs = 86_400_000;
const jobs = ['expiry', 'blacklist-ends', 'retention', 'purge', 'role-reconciliation', 'backup'];

test('a start 200 days ahead removes and ends nothing, and afterwards every job runs by the right time', async () => {
  const clock = createTestClock();
  const ports = { LATCHKEY_HTTP_PORT: '0', LATCHKEY_OPS_PORT: '0' };
  const config = configOf({ LATCHKEY_DATA_DIR: makeFolder(), LATCHKEY_ROLES: 'api,jobs', ...ports });
  const overrides = { clock: clock.now };
  /** Starts the program and stops it when the jobs that were due are done; returns what it warned of. */
  const runOnce = async (act = (_: number): Promise<unknown> => Promise.resolve()) => {
    const log = createRecordingLog();
    const app = await startApp(config, log, overrides);
    await act(app.port);
    await app.stop();
    return log.lines.filter((line) => /^(warn|error)/.test(line) && !line.includes('master key'));
  };
  const open = () => openStore(config, { server: false, publicUrl: () => '' }, overrides);

  const reject = (port: number) => send(port, tkiCheck('no-such-key', {}));
  await runOnce(reject);
  const { storage, services } = await open();
  const { license, product } = await addPopulatedGuild(storage);
  await deny(storage, {});
  const issued = await services.licenses.issue({
    ...by(),
    product: String(product.id),
    expires: '1d',
    mayManage: true,
  });
  const ending = valueOf(issued).issued[0]!.license;
  valueOf(await services.licenses.delete({ ...by(), licenseId: license.id }));
  valueOf(await services.blacklist.add({ ...by(), type: 'ip', value: '203.0.113.77' }));

  clock.advance(200 * dayMs);
  expect(await runOnce(reject)).toEqual([expect.stringContaining('warn The clock says')]);
  expect(await storage.rejectedRequests(new Date(0), 10)).toHaveLength(2);
  for (const job of jobs) {
    expect([job, Date.parse((await storage.note(`job.${job}`))!)]).toEqual([job, clock.now().getTime()]);
  }
  const page = { limit: 100, beforeId: null };
  const actions = (await storage.audit('g1', {}, page)).map(({ action }) => action);
  expect(actions).toEqual(['blacklist.added', 'license.deleted', 'license.issued']);
  expect(await storage.attempts('g1', {}, page)).toHaveLength(1);
  expect(await storage.license('g1', { id: license.id })).not.toBeNull();
  expect((await storage.alertsAfter(0, 10)).map(({ kind }) => kind)).toEqual(['clock']);

  clock.advance(-199 * dayMs);
  expect(await runOnce()).toEqual([]);
  for (const job of jobs) {
    expect([job, Date.parse((await storage.note(`job.${job}`))!)]).toEqual([job, clock.now().getTime()]);
  }
  const [expired] = await storage.audit('g1', {}, page);
  expect(expired).toMatchObject({ action: 'license.expired', subject: `license:${ending.id}` });
  await storage.close();
});
