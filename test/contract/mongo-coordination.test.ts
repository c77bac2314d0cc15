import { afterEach, describe, expect, test } from '@jest/globals';
import type { mongo } from 'mongoose';
import { deny, grant } from '../support/grants.ts';
import { mongoEngine, withDatabase } from '../support/mongo-engine.ts';
import { anOutboxEntry, changeAndDie } from '../support/mongo-outbox.ts';
import { describeWithMongod } from '../support/mongod.ts';
import {
  addLicenses,
  addPopulatedGuild,
  aRequest,
  newGuild,
  newLicense,
  noTrail,
} from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';
import { aTrail, auditOf } from '../support/trails.ts';

const ttlMs = 10_000;
const claimMs = 30_000;
const hourMs = 3_600_000;
const alert = { kind: 'shared-hwid', subject: 'pc', text: 'one HWID on licenses of three owners' };

describeWithMongod('several processes on MongoDB', () => {
  const cleanUps: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  });

  async function openTwo() {
    const clock = createTestClock();
    const installation = await mongoEngine.install(clock.now);
    cleanUps.push(() => installation.remove());
    const one = await installation.open();
    const other = await installation.open();
    /** Calls the two processes in turn, all at the same time. */
    const race = <T>(times: number, act: (storage: typeof one, index: number) => Promise<T>) =>
      Promise.all(Array.from({ length: times }, (_, index) => act(index % 2 === 0 ? one : other, index)));
    return { clock, one, other, race, uri: installation.connection.uri! };
  }

  async function setFields(uri: string, collection: string, id: string | number, fields: object): Promise<void> {
    await withDatabase(uri, async (database) => {
      const filter = { _id: id } as unknown as mongo.Filter<mongo.Document>;
      await database.collection(collection).updateOne(filter, { $set: fields }, { upsert: true });
    });
  }

  describe('effects', () => {
    test('whose claims expired go to one process each', async () => {
      const { clock, one, race } = await openTwo();
      await one.addGuild(newGuild('g1'), noTrail);
      const users = Array.from({ length: 40 }, (_, index) => ({ kind: 'roles', userId: String(index) }) as const);
      await one.addEffects('g1', users);
      expect(await one.claimEffects('roles', 100, claimMs)).toHaveLength(40);
      clock.advance(claimMs);
      const claims = (await race(10, (storage) => storage.claimEffects('roles', 4, claimMs))).flat();
      expect(claims).toHaveLength(40);
      expect(new Set(claims.map(({ id }) => id)).size).toBe(40);
    });

    test('of a change whose process died before it stored them are claimed 10 s later', async () => {
      const { clock, one, uri } = await openTwo();
      await one.addGuild(newGuild('g1'), noTrail);
      const claim = async () => (await one.claimEffects('roles', 10, claimMs)).map(({ effect }) => effect.userId);
      expect(await claim()).toEqual([]);
      const effects = [{ id: 1_000_000, effect: { kind: 'roles', userId: '77' } }] as const;
      await changeAndDie(uri, 'guilds', 'g1', {}, anOutboxEntry('r1', { at: clock.now(), effects }));
      clock.advance(10_000);
      expect(await claim()).toEqual([]);
      clock.advance(10_000);
      expect(await claim()).toEqual(['77']);
    });

    test('of a change whose process died are stored by the job that ends licenses, where no bot runs', async () => {
      const { clock, one, uri } = await openTwo();
      await one.addGuild(newGuild('g1'), noTrail);
      const audit = [{ ...aTrail('guild.changed', 'guild').audit[0]!, at: clock.now(), actor: 'cli', details: '{}' }];
      await changeAndDie(uri, 'guilds', 'g1', {}, anOutboxEntry('r1', { at: clock.now(), audit }));
      clock.advance(20_000);
      await one.expireLicenses(clock.now(), 10, () => noTrail);
      expect(await auditOf(one, 'g1')).toEqual(['guild.changed guild']);
    });

    test('are in the audit log when they end, also when the process died just then', async () => {
      const { clock, one, uri } = await openTwo();
      await one.addGuild(newGuild('g1'), noTrail);
      const [id] = await one.addEffects('g1', [{ kind: 'roles', userId: '77' }]);
      const audit = [
        { ...aTrail('effect.dropped', 'effect:1').audit[0]!, at: clock.now(), actor: 'cli', details: '{}' },
      ];
      await changeAndDie(uri, 'effects', id!, { status: 'dropped' }, anOutboxEntry('r1', { at: clock.now(), audit }));
      clock.advance(20_000);
      expect(await one.deleteEffectsBefore(clock.now(), 10)).toBe(0);
      await one.claimEffects('roles', 10, claimMs);
      expect(await auditOf(one, 'g1')).toEqual(['effect.dropped effect:1']);
      expect(await one.deleteEffectsBefore(clock.now(), 10)).toBe(1);
    });
  });

  describe('a lease', () => {
    test('that expired goes to one of the processes that want it, under the next number', async () => {
      const { clock, one, race } = await openTwo();
      const first = (await one.acquireLease('job', 'first', ttlMs))!;
      clock.advance(ttlMs);
      const numbers = await race(20, (storage, index) => storage.acquireLease('job', `p${index}`, ttlMs));
      expect(numbers.filter((number) => number !== null)).toEqual([first + 1]);
    });

    test('has one number for its holder, however many of its calls come at once', async () => {
      const { race } = await openTwo();
      const numbers = await race(10, (storage) => storage.acquireLease('job', 'me', ttlMs));
      expect(new Set(numbers)).toEqual(new Set([1]));
    });
  });

  describe('a fenced note', () => {
    test('is what the next holder finds, or it is not set', async () => {
      const { clock, one, other } = await openTwo();
      for (let round = 0; round < 20; round += 1) {
        const lease = `job.${round}`;
        const number = (await one.acquireLease(lease, 'old', ttlMs))!;
        clock.advance(ttlMs);
        const takeOver = async () => {
          await other.acquireLease(lease, 'new', ttlMs);
          return other.note(lease);
        };
        const [wasSet, found] = await Promise.all([one.setNote(lease, 'late', { lease, number }), takeOver()]);
        expect(found).toBe(wasSet ? 'late' : null);
        expect(await one.note(lease)).toBe(found);
      }
    });

    test('is stored under its name alone, whatever the name, and can be set without a fence', async () => {
      const { one, other } = await openTwo();
      const number = (await one.acquireLease('job', 'me', ttlMs))!;
      const names = ['a.b', '$set', 'a'];
      for (const name of names) expect(await one.setNote(name, `of ${name}`, { lease: 'job', number })).toBe(true);
      for (const name of names) expect(await other.note(name)).toBe(`of ${name}`);
      expect(await one.setNote('a', 'other', null)).toBe(true);
      expect([await other.note('a'), await other.note('a.b')]).toEqual(['other', 'of a.b']);
    });
  });

  test('an alert is raised by one of the processes, once an hour', async () => {
    const { clock, one, race } = await openTwo();
    await one.addGuild(newGuild('g1'), noTrail);
    const raise = async () => (await race(20, (storage) => storage.raiseAlert('g1', alert))).filter(Boolean).length;
    expect(await raise()).toBe(1);
    clock.advance(hourMs - 1);
    expect(await raise()).toBe(0);
    clock.advance(1);
    expect(await raise()).toBe(1);
    clock.advance(10_000);
    expect(await one.alertsAfter(0, 10)).toHaveLength(2);
  });

  test('the end of a license is notified by one of the processes', async () => {
    const { clock, one, race } = await openTwo();
    const { product } = await addPopulatedGuild(one, 'g1');
    const ended = Array.from({ length: 20 }, (_, index) =>
      newLicense(product.id, { key: `key-${index}`, expiresAt: clock.now() }),
    );
    await addLicenses(one, 'g1', ended);
    const notified = await race(4, (storage) =>
      storage.expireLicenses(clock.now(), 100, ({ id }) => aTrail('license.expired', `license:${id}`)),
    );
    expect(notified.reduce((sum, count) => sum + count)).toBe(20);
    const audit = await auditOf(one, 'g1');
    expect(audit).toHaveLength(20);
    expect(new Set(audit).size).toBe(20);
  });

  describe('the log shipper does not read above the watermark:', () => {
    test('attempts, events and alerts of the last 5 s', async () => {
      const { clock, one } = await openTwo();
      await addPopulatedGuild(one, 'g1');
      const act = async () => {
        await deny(one, {});
        await one.recordAudit('g1', aTrail().audit[0]!);
        await one.raiseAlert('g1', { ...alert, subject: clock.now().toISOString() });
      };
      const counts = async () => {
        const read = [one.attemptsAfter(0, 10), one.auditAfter(0, 10), one.alertsAfter(0, 10)] as const;
        return (await Promise.all(read)).map(({ length }) => length);
      };
      await act();
      clock.advance(4_999);
      expect(await counts()).toEqual([0, 0, 0]);
      await act();
      clock.advance(2);
      expect(await counts()).toEqual([1, 1, 1]);
      clock.advance(5_000);
      expect(await counts()).toEqual([2, 2, 2]);
    });

    test('events after one that is above it, by whatever clock', async () => {
      const { clock, one, uri } = await openTwo();
      await one.addGuild(newGuild('g1'), noTrail);
      for (let index = 0; index < 2; index += 1) await one.recordAudit('g1', aTrail().audit[0]!);
      const [, first] = await one.audit('g1', {}, { limit: 2, beforeId: null });
      clock.advance(10_000);
      await setFields(uri, 'audit', first!.id, { storedAt: clock.now() });
      expect(await one.auditAfter(0, 10)).toEqual([]);
      clock.advance(10_000);
      expect(await one.auditAfter(0, 10)).toHaveLength(2);
    });
  });

  test('an attempt that took long to decide is found by the instant of its decision', async () => {
    const { clock, one, uri } = await openTwo();
    await addPopulatedGuild(one, 'g1');
    await grant(one, { version: '1' });
    const [attempt] = await one.attempts('g1', {}, { limit: 1, beforeId: null });
    const since = new Date(clock.now().getTime() + 1_800);
    await setFields(uri, 'attempts', attempt!.id, { at: since });
    expect(await one.attempts('g1', { since }, { limit: 1, beforeId: null })).toHaveLength(1);
    expect(await one.countClients('g1', attempt!.productId!, since, () => true)).toBe(1);
  });

  test('a name that a process stored before it died is copied into the licenses all the same', async () => {
    const { one, uri } = await openTwo();
    const { license } = await addPopulatedGuild(one, 'g1');
    const own = { ownerId: '5' };
    await one.changeLicense('g1', { id: license.id }, (current) => ({
      next: { ...current, ...own },
      trail: noTrail,
      result: {},
    }));
    await setFields(uri, 'users', '5', { username: 'ann', discriminator: '0' });
    await one.rememberUser({ id: '5', username: 'ann', discriminator: '0' });
    const owners: unknown[] = [];
    await one
      .decide(aRequest(), ({ owner }) => {
        owners.push(owner());
        throw new Error('stop here');
      })
      .catch(() => undefined);
    expect(owners).toEqual([{ id: '5', username: 'ann', discriminator: '0' }]);
  });
});
