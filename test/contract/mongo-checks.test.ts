import { describe, expect, test } from '@jest/globals';
import type { mongo } from 'mongoose';
import type { DecisionRule } from '../../src/domain/decision.ts';
import type { License } from '../../src/domain/license.ts';
import { defaultSettings } from '../../src/domain/settings/settings.ts';
import type { LicenseChange } from '../../src/storage/port/licenses.ts';
import { deny, slotRule } from '../support/check-rules.ts';
import { withDatabase } from '../support/mongo-engine.ts';
import { changeLicense, licensesOnMongo } from '../support/mongo-licenses.ts';
import { before, type OnWrite } from '../support/mongo-writer.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { addLicense, addPopulatedGuild, aRequest, noTrail, secretOf } from '../support/storage-fixtures.ts';

const page = { limit: 100, beforeId: null };
const openShop = licensesOnMongo();
type Shop = Awaited<ReturnType<typeof openShop>>;

/** Denies a suspended license, and otherwise takes a slot while the license's own limit leaves one. */
function limitRule(hwid: string): DecisionRule {
  return (snapshot) => {
    if (snapshot.license && snapshot.license.holds.length > 0) return deny(snapshot, 'suspended');
    const limit = snapshot.license?.limits.hwid;
    return slotRule(hwid, typeof limit === 'number' ? limit : 1)(snapshot);
  };
}

const documentValidationFailure = 121;

const never = () => new Promise<never>(() => undefined);

describeWithMongod('checks on MongoDB', () => {
  async function open(onWrite: OnWrite, own: Parameters<Shop['openChecks']>[1] = {}) {
    const shop = await openShop();
    return { ...shop, checks: await shop.openChecks(onWrite, own) };
  }

  test('a license that an older version stored without the field for helpers is granted with its group', async () => {
    const { installation, storage, license } = await openShop();
    await withDatabase(installation.connection.uri!, (database) =>
      database.collection('licenses').updateOne({ id: license.id }, { $unset: { helperIds: '' } }),
    );
    const helpers: unknown[] = [];
    const rule: DecisionRule = (snapshot) => {
      helpers.push(snapshot.helpers());
      return slotRule('PC', 1)(snapshot);
    };
    expect(await storage.decide(aRequest(), rule)).toMatchObject({ result: 'granted' });
    expect(helpers).toEqual([[]]);
  });

  describe('between what a check read and what it writes', () => {
    const holds = [{ kind: 'staff', at: new Date(0), reason: null }] as const;
    const cases: readonly (readonly [string, Partial<License>, Partial<LicenseChange<unknown>>, string])[] = [
      ['a suspension', { holds }, {}, 'suspended'],
      ['a lower limit', { limits: { ip: 'inherit', hwid: 0, mac: 'inherit' } }, {}, 'hwid-limit'],
      ['a removal', { deletedAt: new Date(0) }, {}, 'license-unknown'],
      ['a new key', {}, { newKey: 'ANOTHER-KEY' }, 'license-unknown'],
    ];
    test.each(cases)('%s decides', async (_what, own, more, denial) => {
      let act = () => Promise.resolve<unknown>(null);
      const { storage, license, checks } = await open(before('licenses.bulkWrite', () => act()));
      act = () => changeLicense(storage, license.id, own, more);

      expect(await checks.decide(aRequest(), limitRule('PC'))).toMatchObject({ result: 'denied', denial });
      expect((await storage.bindings('g1', license.id, 10)).counts.hwid).toBe(0);
      expect(await storage.attempts('g1', {}, page)).toMatchObject([{ result: denial }]);
    });

    test('a reset decides: the slot that it released is free', async () => {
      let act = () => Promise.resolve<unknown>(null);
      const { storage, license, checks } = await open(before('licenses.bulkWrite', () => act(), 2));
      expect(await checks.decide(aRequest(), limitRule('PC-1'))).toMatchObject({ result: 'granted' });
      act = () => changeLicense(storage, license.id, {}, { release: [{ kind: 'hwid', value: null }] });
      const limits = { ip: 'inherit', hwid: 2, mac: 'inherit' } as const;
      await changeLicense(storage, license.id, { limits });

      expect(await checks.decide(aRequest(), limitRule('PC-2'))).toMatchObject({ result: 'granted' });
      expect((await storage.bindings('g1', license.id, 10)).bindings).toMatchObject([{ value: 'PC-2' }]);
    });

    test('of sixteen licenses one has a conflict: it alone is decided again, and each attempt is stored once', async () => {
      let act = () => Promise.resolve<unknown>(null);
      const { storage, product, checks } = await open(before('licenses.bulkWrite', () => act()));
      const keys = Array.from({ length: 16 }, (_, index) => `KEY-${index}`);
      const licenses: License[] = [];
      for (const key of keys) licenses.push(await addLicense(storage, 'g1', product.id, { key }));
      act = () => changeLicense(storage, licenses[3]!.id, { holds });

      const outcomes = await Promise.all(keys.map((key) => checks.decide(aRequest({ key }), limitRule('PC'))));

      const denied = outcomes.map((outcome) => (outcome.result === 'denied' ? outcome.denial : outcome.result));
      expect(denied).toEqual(keys.map((_, index) => (index === 3 ? 'suspended' : 'granted')));
      const attempts = await storage.attempts('g1', {}, page);
      expect(attempts.map(({ licenseId }) => licenseId).sort()).toEqual(licenses.map(({ id }) => id).sort());
    });
  });

  describe('when the primary changes', () => {
    test.each(['licenses.bulkWrite', 'attempts.insertMany'])(
      'at the group’s %s, the group starts over and each of its attempts is stored once',
      async (write) => {
        let primary = 'first';
        const topology = { primary: () => primary, isSingle: () => true };
        const change = before(write, () => Promise.resolve((primary = 'second')));
        const { storage, license, checks } = await open(change, { topology });
        const asked: string[] = [];
        const rule: DecisionRule = (snapshot) => {
          asked.push(primary);
          return limitRule('PC')(snapshot);
        };

        const outcomes = await Promise.all([checks.decide(aRequest(), rule), checks.decide(aRequest(), rule)]);

        expect(outcomes).toMatchObject([{ result: 'granted' }, { result: 'granted' }]);
        expect(asked).toEqual(['first', 'first', 'second', 'second']);
        expect(await storage.attempts('g1', {}, page)).toMatchObject([{ result: 'granted' }, { result: 'granted' }]);
        expect((await storage.bindings('g1', license.id, 10)).counts.hwid).toBe(1);
      },
    );

    test('after everything is stored, nothing is counted twice', async () => {
      let primary = 'first';
      const topology = { primary: () => primary, isSingle: () => true };
      let change = () => undefined as unknown;
      const { storage, checks } = await open((name) => name === 'blacklist.bulkWrite' && change(), { topology });
      const entry = { type: 'country', value: 'ATA', match: 'ATA', key: null, reason: null, expiresAt: null } as const;
      const { entry: listed } = await storage.addBlacklistEntry('g1', { ...entry, createdBy: 'cli' }, () => noTrail);
      const rule: DecisionRule = (snapshot) => ({
        ...deny(snapshot, 'country-blacklisted', { licenseId: null }),
        blacklistHit: listed.id,
      });
      // One less than are stored singly in a minute.
      await Promise.all(Array.from({ length: 59 }, () => checks.decide(aRequest(), rule)));

      change = () => (primary = 'second');
      expect(await checks.decide(aRequest(), rule)).toMatchObject({ denial: 'country-blacklisted' });

      expect(primary).toBe('second');
      expect(await storage.blacklistEntry('g1', { type: 'country', match: 'ATA' })).toMatchObject({ hits: 60 });
      expect(await storage.attempts('g1', {}, page)).toHaveLength(60);
      expect(await storage.attemptCounts('g1', new Date(0))).toEqual([]);
    });

    test('and none is known, checks fail at once', async () => {
      const errors: unknown[] = [];
      const topology = { primary: () => null, isSingle: () => true };
      const { checks } = await open(() => undefined, { topology, onError: (error) => errors.push(error) });
      expect(await checks.decide(aRequest(), limitRule('PC'))).toMatchObject({ denial: 'store-unavailable' });
      expect(errors).toHaveLength(1);
    });
  });

  test('an attempt that could not be stored is no grant', async () => {
    const errors: unknown[] = [];
    const fail = (name: string) => {
      if (name === 'attempts.insertMany') throw new Error('no');
    };
    const { storage, checks } = await open(fail, { onError: (error) => errors.push(error) });
    expect(await checks.decide(aRequest(), limitRule('PC'))).toMatchObject({ denial: 'store-unavailable' });
    expect(errors).toHaveLength(1);
    expect(await storage.attempts('g1', {}, page)).toEqual([]);
  });

  test('a license that cannot be written fails its own checks only', async () => {
    const errors: unknown[] = [];
    const { refuseWrites, storage, product, checks } = await open(() => undefined, {
      onError: (one) => errors.push(one),
    });
    const keys = ['KEY-0', 'KEY-1', 'KEY-2'];
    const licenses: License[] = [];
    for (const key of keys) licenses.push(await addLicense(storage, 'g1', product.id, { key }));
    await refuseWrites(licenses[1]!.id);

    const asked = [...keys, 'KEY-1', 'KEY-0'];
    const outcomes = await Promise.all(asked.map((key) => checks.decide(aRequest({ key }), limitRule('PC'))));

    const answers = outcomes.map((outcome) => (outcome.result === 'denied' ? outcome.denial : outcome.result));
    expect(answers).toEqual(['granted', 'store-unavailable', 'granted', 'store-unavailable', 'granted']);
    expect(errors).toMatchObject([{ code: documentValidationFailure }]);
    const attempts = await storage.attempts('g1', {}, page);
    const [first, , third] = licenses.map(({ id }) => id);
    expect(attempts.map(({ licenseId }) => licenseId).sort()).toEqual([first, first, third]);
  });

  test('a guild whose settings cannot be understood does not affect the checks of others', async () => {
    const errors: unknown[] = [];
    const { installation, storage, checks } = await open(() => undefined, { onError: (one) => errors.push(one) });
    await addPopulatedGuild(storage, 'g2');
    const ask = async () => {
      const references = ['g1', 'g2', 'g1'].map((id) => ({ by: 'api-key', secret: secretOf(id) }) as const);
      const asking = references.map((guildReference) => checks.decide(aRequest({ guildReference }), limitRule('PC')));
      return (await Promise.all(asking)).map((outcome) =>
        outcome.result === 'denied' ? outcome.denial : outcome.result,
      );
    };
    expect(await ask()).toEqual(['granted', 'granted', 'granted']);

    await withDatabase(installation.connection.uri!, async (database) => {
      const settings = [{ key: Object.keys(defaultSettings)[0], value: '{' }];
      await database.collection<{ _id: string }>('guilds').updateOne({ _id: 'g2' }, { $set: { settings } });
      const changeLog = { guildId: 'g2', kind: 'settings', ref: 'g2' };
      const raise = { $inc: { value: 1 }, $push: { changeLog } } as unknown as mongo.UpdateFilter<mongo.Document>;
      await database.collection('bundleversion').updateOne({}, raise);
    });

    expect(await ask()).toEqual(['granted', 'store-unavailable', 'granted']);
    expect(errors).toEqual([expect.any(SyntaxError)]);
  });

  test('a store that hangs delays no check beyond its deadline, not even one that waits behind another group', async () => {
    const { checks } = await open((name) => (name === 'attempts.insertMany' ? never() : undefined), { deadlineMs: 50 });
    const first = checks.decide(aRequest(), limitRule('PC'));
    expect(await first).toMatchObject({ denial: 'store-unavailable' });
    expect(await checks.decide(aRequest(), limitRule('PC'))).toMatchObject({ denial: 'store-unavailable' });
  });

  test('a check that is answered before the store was read takes no slot and leaves no attempt', async () => {
    const deadlineMs = 20;
    let asked = 0;
    const primary = () => {
      asked += 1;
      // The second time is while the group is being read: the process stands still until the deadline is over.
      if (asked === 2) for (const start = performance.now(); performance.now() < start + 2 * deadlineMs;);
      return 'first';
    };
    const topology = { primary, isSingle: () => true };
    const { storage, license, checks } = await open(() => undefined, { topology, deadlineMs });
    expect(await checks.decide(aRequest(), limitRule('PC'))).toMatchObject({ denial: 'store-unavailable' });
    await checks.drain();
    expect(asked).toBeGreaterThan(2);
    expect(await storage.attempts('g1', {}, page)).toEqual([]);
    expect((await storage.bindings('g1', license.id, 10)).counts.hwid).toBe(0);
  });

  test('two processes that make the same ids store all of their attempts', async () => {
    let made = 0;
    // Its first bytes name the process, and those after that begin its ids.
    const random = (bytes: number) => Buffer.alloc(bytes, bytes === 2 ? 7 : (made += 1));
    const { storage, checks, openChecks } = await open(() => undefined, { random });
    const other = await openChecks(() => undefined);
    for (const hwid of ['PC-1', 'PC-2', 'PC-3']) {
      await Promise.all([checks, other].map((one) => one.decide(aRequest({ hwid }), limitRule('PC'))));
    }
    expect(await storage.attempts('g1', {}, page)).toHaveLength(6);
  });

  test('a process whose clock is set back to where it made ids before stores all of its attempts', async () => {
    let made = 0;
    const random = (bytes: number) => Buffer.alloc(bytes, bytes === 2 ? 7 : (made += 1));
    const { storage, checks, clock } = await open(() => undefined, { random });
    const check = () => checks.decide(aRequest({ hwid: 'PC' }), limitRule('PC'));
    await check();
    clock.advance(3_600_000);
    await check();
    clock.advance(-3_600_000);
    await check();
    expect(await storage.attempts('g1', {}, page)).toHaveLength(3);
  });
});
