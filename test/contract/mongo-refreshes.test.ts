import { describe, expect, test } from '@jest/globals';
import type { DecisionRule } from '../../src/domain/decision.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { grant, slotRule } from '../support/check-rules.ts';
import { changeLicense, licensesOnMongo } from '../support/mongo-licenses.ts';
import { before } from '../support/mongo-writer.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { withDatabase } from '../support/mongo-engine.ts';
import { addLicense, aRequest } from '../support/storage-fixtures.ts';

const page = { limit: 100, beforeId: null };
const openShop = licensesOnMongo();
const write = 'licenses.bulkWrite';
const releaseHwid = (value: string) => ({ release: [{ kind: 'hwid', value }] }) as const;

/** Another process's act at a write; it can be set after the process was opened. */
function later() {
  let act: () => Promise<unknown> = () => Promise.resolve();
  return { run: () => act(), set: (body: () => Promise<unknown>) => (act = body) };
}

async function slotsOf(storage: Storage, licenseId: number) {
  const { bindings } = await storage.bindings('g1', licenseId, 100);
  return Object.fromEntries(bindings.map(({ value, lastSeenAt }) => [value, lastSeenAt]));
}

async function resultsOf(storage: Storage) {
  return (await storage.attempts('g1', {}, page)).map(({ hwid, result }) => `${hwid} ${result}`).sort();
}

/** A check of a known machine only writes when it was last seen. This does not raise the license's `rev`. */
describeWithMongod('a check that only refreshes slots', () => {
  /** A license on which PC has a slot, seen a minute ago, and a process about to refresh it. */
  async function openRefreshing(values: readonly string[] = ['PC']) {
    const shop = await openShop();
    const { storage, clock } = shop;
    for (const value of values) await storage.decide(aRequest(), slotRule(value, values.length));
    clock.advance(60_000);
    const act = later();
    const checks = await shop.openChecks(before(write, act.run));
    return { ...shop, act, checks };
  }

  const check = (checks: Pick<Storage, 'decide'>, value: string, limit = 1, forgetAfterMs: number | null = null) =>
    checks.decide(aRequest(), slotRule(value, limit, forgetAfterMs));

  test('is decided again when a reset gave its slot to another machine, whose slot it leaves alone', async () => {
    const { storage, license, clock, act, checks } = await openRefreshing();
    act.set(async () => {
      await changeLicense(storage, license.id, {}, releaseHwid('PC'));
      expect(await check(storage, 'OTHER')).toMatchObject({ result: 'granted' });
      clock.advance(1_000);
    });
    const takenAt = clock.now();

    expect(await check(checks, 'PC')).toMatchObject({ denial: 'hwid-limit' });
    expect(await slotsOf(storage, license.id)).toEqual({ OTHER: takenAt });
    expect(await resultsOf(storage)).toEqual(['OTHER granted', 'PC granted', 'PC hwid-limit']);
  });

  test('does not bring back a slot that a reset released: the machine needs one again', async () => {
    const { storage, license, clock, act, checks } = await openRefreshing();
    act.set(async () => {
      await changeLicense(storage, license.id, {}, releaseHwid('PC'));
      clock.advance(1_000);
    });
    const rounds: (Date | null | undefined)[] = [];
    const rule: DecisionRule = (snapshot) => {
      rounds.push(snapshot.slots.find('hwid', 'PC')?.releasedAt);
      return slotRule('PC', 1)(snapshot);
    };

    expect(await checks.decide(aRequest(), rule)).toMatchObject({ result: 'granted' });
    expect(rounds).toEqual([null, new Date(clock.now().getTime() - 1_000)]);
    const { bindings } = await storage.bindings('g1', license.id, 10);
    expect(bindings).toMatchObject([{ value: 'PC', firstSeenAt: clock.now() }]);
  });

  test('refreshes a slot that was released and brought back in between', async () => {
    const { storage, license, clock, act, checks } = await openRefreshing();
    const checkedAt = clock.now();
    act.set(async () => {
      await changeLicense(storage, license.id, {}, releaseHwid('PC'));
      await changeLicense(storage, license.id, {}, { undoRelease: clock.now() });
    });

    expect(await check(checks, 'PC')).toMatchObject({ result: 'granted' });
    expect(await slotsOf(storage, license.id)).toEqual({ PC: checkedAt });
  });

  test('is decided again when the license got another key', async () => {
    const { storage, license, act, checks } = await openRefreshing();
    act.set(() => changeLicense(storage, license.id, {}, { newKey: 'ANOTHER-KEY' }));

    expect(await check(checks, 'PC')).toMatchObject({ denial: 'license-unknown' });
  });

  test('finds its slot again when the slots before it are gone', async () => {
    const { storage, license, clock, act, checks } = await openRefreshing(['GONE', 'PC']);
    act.set(async () => {
      await changeLicense(storage, license.id, {}, releaseHwid('GONE'));
      await check(storage, 'NEW', 2);
      clock.advance(1_000);
    });
    const takenAt = clock.now();

    expect(await check(checks, 'PC', 2)).toMatchObject({ result: 'granted' });
    expect(await slotsOf(storage, license.id)).toEqual({ NEW: takenAt, PC: clock.now() });
  });

  test('neither conflicts with another refresh nor takes back its later time', async () => {
    const { storage, license, clock, act, checks } = await openRefreshing(['PC', 'PC-2']);
    let decided = 0;
    act.set(async () => {
      clock.advance(1_000);
      await check(storage, 'PC', 2);
      await check(storage, 'PC-2', 2);
    });
    const rule: DecisionRule = (snapshot) => {
      decided += 1;
      return slotRule('PC', 2)(snapshot);
    };

    expect(await checks.decide(aRequest(), rule)).toMatchObject({ result: 'granted' });
    expect(decided).toBe(1);
    expect(await slotsOf(storage, license.id)).toEqual({ PC: clock.now(), 'PC-2': clock.now() });
  });

  describe('at the instant at which the slot times out', () => {
    const forgetAfterMs = 120_000;

    test('is decided again when another process gave the slot away', async () => {
      const { storage, license, clock, act, checks } = await openRefreshing();
      act.set(async () => {
        clock.advance(60_000);
        expect(await check(storage, 'OTHER', 1, forgetAfterMs)).toMatchObject({ result: 'granted' });
      });

      expect(await check(checks, 'PC', 1, forgetAfterMs)).toMatchObject({ denial: 'hwid-limit' });
      expect(Object.keys(await slotsOf(storage, license.id))).toEqual(['OTHER']);
    });

    test('keeps another process from giving the slot away', async () => {
      const { storage, license, clock, act, checks, openChecks } = await openRefreshing();
      const checkedAt = clock.now();
      const refreshed = Promise.withResolvers<unknown>();
      const decided = Promise.withResolvers<null>();
      const other = await openChecks(
        before(write, () => {
          decided.resolve(null);
          return refreshed.promise;
        }),
      );
      let taking: Promise<unknown> = Promise.resolve();
      act.set(async () => {
        clock.advance(60_000);
        taking = check(other, 'OTHER', 1, forgetAfterMs);
        await decided.promise;
      });

      const outcome = check(checks, 'PC', 1, forgetAfterMs);
      refreshed.resolve(outcome);
      expect(await outcome).toMatchObject({ result: 'granted' });
      expect(await taking).toMatchObject({ denial: 'hwid-limit' });
      expect(await slotsOf(storage, license.id)).toEqual({ PC: checkedAt });
    });
  });

  describe('is not undone by', () => {
    test('a slot that another process gives away at the same time', async () => {
      const { storage, license, clock, openChecks } = await openRefreshing(['PC', 'GONE']);
      await changeLicense(storage, license.id, {}, releaseHwid('GONE'));
      const other = await openChecks(before(write, () => check(storage, 'PC', 2)));

      expect(await check(other, 'NEW', 2)).toMatchObject({ result: 'granted' });
      expect(await slotsOf(storage, license.id)).toEqual({ PC: clock.now(), NEW: clock.now() });
    });

    test('a slot that another process takes at the same time, which needs no second decision', async () => {
      const { storage, license, clock, openChecks } = await openRefreshing();
      const other = await openChecks(before(write, () => check(storage, 'PC', 2)));
      let decided = 0;
      const rule: DecisionRule = (snapshot) => {
        decided += 1;
        return slotRule('NEW', 2)(snapshot);
      };

      expect(await other.decide(aRequest(), rule)).toMatchObject({ result: 'granted' });
      expect(decided).toBe(1);
      expect(await slotsOf(storage, license.id)).toEqual({ PC: clock.now(), NEW: clock.now() });
    });

    test.each([
      ['a reset of another machine', releaseHwid('PC-2')],
      ['a new key', { newKey: 'ANOTHER-KEY' }],
    ])('%s at the same time', async (_what, change) => {
      const { storage, license, clock, openWatched } = await openRefreshing(['PC', 'PC-2']);
      const licenses = await openWatched(before('licenses.updateOne', () => check(storage, 'PC', 2)));

      await changeLicense(licenses, license.id, {}, change);

      expect(await slotsOf(storage, license.id)).toMatchObject({ PC: clock.now() });
    });
  });

  describe('where a new machine takes the least recently seen slot', () => {
    const replace: DecisionRule = (snapshot) => {
      const [oldest] = snapshot.slots
        .live('hwid', null)
        .toSorted((a, b) => Number(a.lastSeenAt) - Number(b.lastSeenAt));
      const take = { kind: 'hwid', value: 'NEW', forgetBefore: null, replaces: [oldest?.value ?? ''] } as const;
      return grant(snapshot, { take: [take], replacements: [snapshot.now] }, { hwid: 'NEW' });
    };

    test('keeps its slot: the other check is decided again, and another slot goes', async () => {
      const { storage, license, clock, openChecks } = await openRefreshing(['PC', 'PC-2']);
      await check(storage, 'PC-2', 2);
      const checks = await openChecks(
        before(write, () => {
          clock.advance(60_000);
          return check(storage, 'PC', 2);
        }),
      );

      expect(await checks.decide(aRequest(), replace)).toMatchObject({ result: 'granted' });
      expect(Object.keys(await slotsOf(storage, license.id)).sort()).toEqual(['NEW', 'PC']);
      expect((await storage.license('g1', { id: license.id }))?.replacements).toEqual([clock.now()]);
    });

    test('is decided again when its slot went first', async () => {
      const { storage, license, act, checks } = await openRefreshing();
      act.set(() => storage.decide(aRequest(), replace));

      expect(await check(checks, 'PC')).toMatchObject({ denial: 'hwid-limit' });
      expect(Object.keys(await slotsOf(storage, license.id))).toEqual(['NEW']);
    });
  });

  test('fails alone when MongoDB refuses to write its license', async () => {
    const shop = await openRefreshing();
    await addLicense(shop.storage, 'g1', shop.product.id, { key: 'KEY-2' });
    const ask = () =>
      Promise.all([
        shop.checks.decide(aRequest(), slotRule('PC', 1)),
        shop.checks.decide(aRequest({ key: 'KEY-2' }), slotRule('PC', 1)),
      ]);
    await shop.storage.decide(aRequest({ key: 'KEY-2' }), slotRule('PC', 1));
    await shop.refuseWrites(shop.license.id);

    expect(await ask()).toMatchObject([{ denial: 'store-unavailable' }, { result: 'granted' }]);
  });

  test('leaves `rev` as it is', async () => {
    const { storage, installation, act, checks } = await openRefreshing();
    const revs = () =>
      withDatabase(installation.connection.uri!, (database) =>
        database.collection('licenses').find().project({ rev: 1 }).toArray(),
      );
    act.set(() => Promise.resolve());
    const read = await revs();
    await check(checks, 'PC');
    await check(storage, 'PC');
    expect(await revs()).toEqual(read);
  });
});
