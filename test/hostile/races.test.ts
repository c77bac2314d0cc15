import { describe, expect, test } from '@jest/globals';
import type { AuditAction } from '../../src/domain/audit.ts';
import type { CommandError } from '../../src/domain/command-error.ts';
import type { Result } from '../../src/domain/values/result.ts';
import { openStore } from '../../src/app.ts';
import { holdKinds } from '../../src/domain/hold.ts';
import type { Services } from '../../src/services/services.ts';
import { alice, by, codeOf, valueOf } from '../support/open-services.ts';
import { type RunningShop, useShops } from '../support/running-shop.ts';
import { runStorageProcess } from '../support/storage-process-runner.ts';
import type { WireResponse } from '../wire/support/send.ts';

const startShop = useShops();
const guildId = '100000000000000001';
const secret = 'api-key-of-the-shop';
const here = by(guildId);

async function openShop(): Promise<RunningShop> {
  const shop = await startShop();
  const { services } = shop;
  await services.guilds.ensure({ id: guildId, name: 'Shop' });
  valueOf(await services.apiKeys.create({ ...here, name: 'main', secret }));
  valueOf(await services.products.create({ ...here, name: 'Plugin', version: '1.0.0' }));
  return shop;
}

async function issue({ services }: RunningShop, limits: Readonly<Record<string, string>> = {}, ownerId?: string) {
  const input = { ...here, product: null, mayManage: true, limits, ownerId };
  return valueOf(await services.licenses.issue(input)).issued[0]!;
}

interface Tally {
  readonly granted: number;
  readonly refused: number;
  /**
   * What a machine with too much to do leaves undecided: the store may have granted it before the answer was late, or
   * not.
   */
  readonly undecided: number;
}

function tally(answers: readonly WireResponse[]): Tally {
  const countOf = (isIt: (answer: WireResponse) => boolean) => answers.filter(isIt).length;
  return {
    granted: countOf(({ body }) => body.includes('Successful Authentication!')),
    refused: countOf(({ body }) => /Maximum number of (HWIDs|IPs) reached/.test(body)),
    undecided: countOf(({ status }) => status === 500),
  };
}

/** Never more than 3, however many were left undecided; exactly 3 where all were decided. */
function expectThree({ granted, refused, undecided }: Tally, asked: number): void {
  expect(granted + refused + undecided).toBe(asked);
  expect(refused).toBeGreaterThan(0);
  expect(granted).toBeLessThanOrEqual(3);
  expect(granted).toBeGreaterThanOrEqual(Math.max(0, 3 - undecided));
}

describe('1,000 first uses at once at a limit of 3', () => {
  test.each([
    ['HWIDs', { hwid: '3', ip: 'unlimited' }, (index: number) => ({ hwid: `M-${index}` })],
    ['IPs', { ip: '3', hwid: 'unlimited' }, (index: number) => ({ ip: `198.51.100.7:${index}` })],
  ])('over HTTP bind exactly 3 %s and refuse 997', async (_what, limits, fieldsOf) => {
    const shop = await openShop();
    const { key, license } = await issue(shop, limits);
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => shop.check(secret, { licensekey: key, ...fieldsOf(index) })),
    );
    expectThree(tally(answers), 1_000);
    const { counts } = await shop.storage.bindings(guildId, license.id, 10);
    expect(counts).toEqual({ ip: limits.ip === '3' ? 3 : 1, hwid: limits.hwid === '3' ? 3 : 1, mac: 0 });
    const { attempts } = shop.services.records;
    expect(await attempts(guildId, { result: 'granted' }, { limit: 10, beforeId: null })).toHaveLength(3);
  });

  test('over HTTP and in another process together bind exactly 3', async () => {
    const shop = await openShop();
    const { key, license } = await issue(shop, { ip: '3', hwid: '3' });
    const connection = { dir: shop.dir, masterKey: shop.masterKey };
    const elsewhere = runStorageProcess(connection, 'check-tki', `${secret} ${key} 500 OTHER`);
    const answers: WireResponse[] = [];
    const done = elsewhere.then(() => true);
    // As long as the other process is at it, so that the two meet.
    while (!(await Promise.race([done, Promise.resolve(false)]))) {
      const machines = Array.from({ length: 50 }, (_, index) => `HERE-${answers.length + index}`);
      const checks = machines.map((name) => shop.check(secret, { licensekey: key, hwid: name, ip: name }));
      answers.push(...(await Promise.all(checks)));
    }
    const ours = tally(answers);
    const theirs = JSON.parse(await elsewhere) as Tally;
    const both = {
      granted: ours.granted + theirs.granted,
      refused: ours.refused + theirs.refused,
      undecided: ours.undecided + theirs.undecided,
    };
    expectThree(both, answers.length + 500);
    expect((await shop.storage.bindings(guildId, license.id, 10)).counts).toMatchObject({ ip: 3, hwid: 3 });
  });
});

describe('20 at once, half of them in another process’s hands', () => {
  /** Every second one through a store that was opened beside the other. */
  async function twenty<T>(shop: RunningShop, act: (services: Services, index: number) => Promise<T>): Promise<T[]> {
    const beside = await openStore(shop.config, { server: false, publicUrl: () => '' });
    try {
      const both = [shop.services, beside.services];
      return await Promise.all(Array.from({ length: 20 }, (_, index) => act(both[index % 2]!, index)));
    } finally {
      await beside.storage.close();
    }
  }
  const done = (results: readonly Result<unknown, CommandError>[]) => results.filter(({ ok }) => ok).length;
  const person = (index: number) => String(200_000_000_000_000_000n + BigInt(index));
  const auditOf = async ({ storage }: RunningShop, action: AuditAction) =>
    (await storage.audit(guildId, { action }, { limit: 100, beforeId: null })).length;
  const oneUse = async (shop: RunningShop, key: string) => {
    expect(await shop.check(secret, { licensekey: key })).toMatchObject({ status: 200 });
  };

  test('of 20 people who redeem a key one gets it', async () => {
    const shop = await openShop();
    const { key, license } = await issue(shop);
    const results = await twenty(shop, ({ buyers }, index) => buyers.redeem({ userId: person(index), key, guildId }));
    expect(done(results)).toBe(1);
    expect(await auditOf(shop, 'license.redeemed')).toBe(1);
    const winner = person(results.findIndex(({ ok }) => ok));
    expect(await shop.storage.license(guildId, { id: license.id })).toMatchObject({ ownerId: winner });
  });

  test('of 20 resets by the owner one takes effect, and the cooldown holds', async () => {
    const shop = await openShop();
    const { key, license } = await issue(shop, {}, alice);
    await oneUse(shop, key);
    const reset = ({ buyers }: Services) => buyers.reset({ userId: alice, licenseId: license.id, what: 'all' });
    expect(done(await twenty(shop, reset))).toBe(1);
    expect(await auditOf(shop, 'license.reset')).toBe(1);
    await oneUse(shop, key);
    expect(codeOf(await reset(shop.services))).toBe('reset-wait');
  });

  test('of 20 reassignments to one person one takes effect, and of 20 to different ones the last is the owner', async () => {
    const shop = await openShop();
    const { license } = await issue(shop, {}, alice);
    const target = { ...here, licenseId: license.id };
    const same = await twenty(shop, ({ licenses }) => licenses.reassign({ ...target, ownerId: person(1) }));
    expect(done(same)).toBe(1);
    expect(await auditOf(shop, 'license.reassigned')).toBe(1);
    const others = await twenty(shop, ({ licenses }, index) =>
      licenses.reassign({ ...target, ownerId: person(2 + index) }),
    );
    expect(done(others)).toBe(20);
    const previous = others.map((result) => valueOf(result).previousOwnerId);
    // A chain: nobody was the previous owner twice, and the one who is nobody's is the owner now.
    expect(new Set(previous).size).toBe(20);
    const { ownerId } = (await shop.storage.license(guildId, { id: license.id }))!;
    expect(previous).not.toContain(ownerId);
  });

  test('of 20 presses on the switch one takes effect', async () => {
    const shop = await openShop();
    const { license } = await issue(shop, {}, alice);
    const press = ({ buyers }: Services) => buyers.switch({ userId: alice, licenseId: license.id, on: false });
    expect(done(await twenty(shop, press))).toBe(1);
    expect(await auditOf(shop, 'license.switched-off')).toBe(1);
  });

  test('of 20 holds of all kinds one of each is set, and none of another is lost', async () => {
    const shop = await openShop();
    const { license } = await issue(shop, {}, alice);
    const target = { ...here, licenseId: license.id };
    const kindOf = (index: number) => holdKinds[index % holdKinds.length]!;
    const set = ({ licenses }: Services, index: number) => licenses.suspend({ ...target, hold: kindOf(index) });
    expect(done(await twenty(shop, set))).toBe(holdKinds.length);
    const { holds } = (await shop.storage.license(guildId, { id: license.id }))!;
    expect(holds.map(({ kind }) => kind)).toEqual(holdKinds);
    const lift = ({ licenses }: Services, index: number) => licenses.resume({ ...target, hold: kindOf(index) });
    expect(done(await twenty(shop, lift))).toBe(holdKinds.length);
    expect(await auditOf(shop, 'license.resumed')).toBe(holdKinds.length);
    expect((await shop.storage.license(guildId, { id: license.id }))?.holds).toEqual([]);
  });

  test('of 20 suspensions and of 20 deletions one takes effect', async () => {
    const shop = await openShop();
    const { license } = await issue(shop, {}, alice);
    const target = { ...here, licenseId: license.id };
    expect(done(await twenty(shop, ({ licenses }) => licenses.suspend(target)))).toBe(1);
    expect(await auditOf(shop, 'license.suspended')).toBe(1);
    expect(done(await twenty(shop, ({ licenses }) => licenses.delete(target)))).toBe(1);
    expect(await auditOf(shop, 'license.deleted')).toBe(1);
  });

  test('20 people issue with one supplied key, and one license has it', async () => {
    const shop = await openShop();
    const input = { ...here, product: null, mayManage: true, key: 'A-SUPPLIED-KEY' };
    const results = await twenty(shop, ({ licenses }) => licenses.issue(input));
    expect(done(results)).toBe(1);
    expect(await shop.services.licenses.count(guildId, {})).toBe(1);
  });

  test('a member of the staff who issues 20 times at once stops at the daily limit', async () => {
    const shop = await openShop();
    valueOf(await shop.services.settings.set({ ...here, key: 'issue.perStaffPerDay', value: '7' }));
    const actor = { type: 'user', id: person(0) } as const;
    const input = { guildId, actor, product: null, mayManage: false };
    expect(done(await twenty(shop, ({ licenses }) => licenses.issue(input)))).toBe(7);
    expect(await shop.services.licenses.count(guildId, {})).toBe(7);
  });
});
