import { afterEach, describe, expect, test } from '@jest/globals';
import { licenseStates } from '../../src/domain/license.ts';
import type { LicenseQuery } from '../../src/storage/port/licenses.ts';
import { gramsOf } from '../../src/storage/text-grams.ts';
import { deny, grant } from '../support/grants.ts';
import { mongoEngine, withDatabase } from '../support/mongo-engine.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { anywhere, reachQuery } from '../support/reach.ts';
import { addLicense, addPopulatedGuild, addProduct } from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';
import { aTrail } from '../support/trails.ts';

const page = { limit: 10, beforeId: null };
const growing = [
  'licenses',
  'observedvalues',
  'attempts',
  'attemptcounts',
  'attemptstatistics',
  'audit',
  'alerts',
  'effects',
  'blacklist',
  'users',
];

interface Profiled {
  readonly ns: string;
  readonly planSummary: string;
  readonly command: object;
  readonly docsExamined?: number;
}

describeWithMongod('indexes on MongoDB', () => {
  let remove: (() => Promise<void>) | null = null;

  afterEach(() => remove?.());

  test('no collection that grows is scanned as a whole', async () => {
    const clock = createTestClock();
    const installation = await mongoEngine.install(clock.now);
    remove = () => installation.remove();
    const storage = await installation.open();
    const uri = installation.connection.uri!;
    const { product, license } = await addPopulatedGuild(storage, 'g1');
    await withDatabase(uri, (database) => database.command({ profile: 2 }));

    const now = clock.now();
    const owned = await addLicense(storage, 'g1', product.id, { key: 'k2', ownerId: '5', expiresAt: now, order: 'o' });
    await storage.changeLicense('g1', { id: owned.id }, (current) => {
      return { next: current, trail: aTrail(), result: {}, newKey: 'k3' };
    });
    await grant(storage, {}, { observed: [{ kind: 'mac', value: 'aa' }] });
    await deny(storage, { key: 'unknown' });
    await storage.rememberUser({ id: '5', username: 'ann', discriminator: '0' });
    await storage.licensesOf('5');
    await storage.licenseOf('5', owned.id);
    await storage.licensesHelpedBy('5');
    const binding = { kind: 'mac', value: 'aa' } as const;
    const states = licenseStates.flatMap((state) => [{ state }, { state, productId: product.id }]);
    const queries: readonly LicenseQuery[] = [
      ...[{}, { order: 'o' }, { text: 'o' }, { text: 'some text' }, { binding }, { staff: true }, { active: false }],
      ...[{ expiresBefore: now }, { productId: product.id }, ...states],
    ];
    for (const query of queries) {
      await storage.licenses('g1', query, page);
      await storage.countLicensesBy('g1', query);
      await storage.licenseIdAt('g1', query, 1);
    }
    await storage.countLicenses('g1', product.id);
    await storage.attempts('g1', {}, page);
    await storage.attempts('g1', { licenseId: license.id, since: now }, page);
    await storage.attemptsAfter(0, 10);
    await storage.attemptCounts('g1', now);
    await storage.attemptStatistics('g1', 'day', now);
    await storage.attempts('g1', { result: 'denied' }, page);
    await storage.deleteStatisticsBefore('g1', 'hour', now, 10);
    await storage.countClients('g1', product.id, now, () => true);
    const bindings = { kind: 'ip', matches: () => true, ranges: [anywhere] } as const;
    await storage.blacklistReach('g1', reachQuery({ bindings, matches: () => true }));
    await storage.audit('g1', { subject: 'guild' }, page);
    await storage.auditAfter(0, 10);
    await storage.raiseAlert('g1', { kind: 'k', subject: 's', text: 't' });
    await storage.alertsAfter(0, 10);
    await storage.claimEffects('roles', 10, 1_000);
    await storage.requeueWaiting('g1', '5');
    await storage.membersAfter('g1', null, 10);
    await storage.expireLicenses(now, 10, () => aTrail());
    await storage.withdrawExpiries(now, 10, () => aTrail());
    await storage.blacklist('g1', {}, page);
    await storage.blacklist('g1', { type: 'country' }, page);
    await storage.endBlacklistEntries(now, 10);
    await storage.deleteAttemptsBefore('g1', now, 10);
    await storage.deleteAlertsBefore('g1', now, 10);
    await storage.deleteEffectsBefore(now, 10);
    await storage.purgeDeleted(now, 10);

    const profiled = await withDatabase(uri, async (database) => {
      await database.command({ profile: 0 });
      const profile = database.collection<Profiled>('system.profile');
      const reads = await profile.find({ planSummary: { $type: 'string' } }).toArray();
      await profile.drop();
      return reads;
    });
    const readOf = ({ ns }: Profiled) => ns.slice(ns.indexOf('.') + 1);
    expect(profiled.map(readOf)).toEqual(expect.arrayContaining(['licenses', 'attempts', 'effects', 'blacklist']));
    const whole = profiled.filter((one) => growing.includes(readOf(one)) && one.planSummary.includes('COLLSCAN'));
    expect(whole.map(({ command }) => command)).toEqual([]);
    // A type that is rare must not be looked for among all entries.
    const lists = profiled.filter((one) => readOf(one) === 'blacklist' && 'sort' in one.command);
    const used = ['IXSCAN { guildId: 1, _id: -1 }', 'IXSCAN { guildId: 1, type: 1, _id: -1 }'];
    expect(lists.map(({ planSummary }) => planSummary)).toEqual(expect.arrayContaining(used));
  });

  describe('a search passes over few of thousands of licenses', () => {
    const count = 3_000;

    /** All have one IP and a name with “alpha”; the oldest ones “alpha beta”. The newest but one is suspended. */
    async function fill() {
      const clock = createTestClock();
      const installation = await mongoEngine.install(clock.now);
      remove = () => installation.remove();
      const storage = await installation.open();
      const { product, license } = await addPopulatedGuild(storage, 'g1');
      const other = await addProduct(storage, 'g1', { name: 'Other' });
      await withDatabase(installation.connection.uri!, async (database) => {
        const licenses = database.collection('licenses');
        const stored = await licenses.findOne({ id: license.id });
        const slot = { kind: 'ip', value: '192.0.2.1', firstSeenAt: clock.now(), lastSeenAt: clock.now() };
        const slots = [{ ...slot, releasedAt: null }];
        const made = Array.from({ length: count }, (_, index) => {
          const name = index < 1_100 ? 'alpha beta' : 'alpha';
          const isSuspended = index === count - 2;
          const holds = isSuspended ? [{ kind: 'staff', at: clock.now(), reason: null }] : [];
          const listedAs = isSuspended ? 'suspended' : 'on';
          const texts = { name, grams: gramsOf({ name, note: null, order: null }) };
          const id = license.id + 1 + index;
          return { ...stored, _id: `other-${index}` as never, id, ...texts, slots, holds, listedAs };
        });
        await licenses.insertMany(made);
      });
      return { storage, uri: installation.connection.uri!, product, other, suspendedId: license.id + count - 1 };
    }

    test('when one of its conditions, or one part of its text, has few of them', async () => {
      const { storage, uri, product, other, suspendedId } = await fill();
      const binding = { kind: 'ip', value: '192.0.2.1' } as const;
      const examined = async (query: LicenseQuery, beforeId: number | null = null) => {
        await withDatabase(uri, (database) => database.command({ profile: 2 }));
        const found = await storage.licenses('g1', query, { limit: 10, beforeId });
        const reads = await withDatabase(uri, async (database) => {
          await database.command({ profile: 0 });
          const profile = database.collection<Profiled>('system.profile');
          const all = await profile.find({ ns: /\.licenses$/ }).toArray();
          await profile.drop();
          return all;
        });
        const total = reads.reduce((sum, { docsExamined = 0 }) => sum + docsExamined, 0);
        return { ids: found.map(({ id }) => id), isFew: total < count / 2 };
      };
      const nothing = { ids: [], isFew: true };
      const suspendedOne = { ids: [suspendedId], isFew: true };
      expect(await examined({ text: 'alpha', state: 'suspended' })).toEqual(suspendedOne);
      expect(await examined({ binding, state: 'suspended' })).toEqual(suspendedOne);
      expect(await examined({ binding, state: 'suspended' }, suspendedId)).toEqual(nothing);
      expect(await examined({ text: 'alpha', state: 'expired' })).toEqual(nothing);
      expect(await examined({ binding, productId: other.id })).toEqual(nothing);
      expect(await examined({ text: 'alpha', productId: other.id })).toEqual(nothing);
      expect(await examined({ state: 'active', productId: other.id })).toEqual(nothing);
      expect(await examined({ binding, ownerId: '5' })).toEqual(nothing);
      // “alp” is found in all of them, “bet” in the oldest thousand.
      const oldest = Array.from({ length: 10 }, (_, index) => suspendedId - count + 1_101 - index);
      expect(await examined({ text: 'alpha beta', productId: product.id })).toEqual({ ids: oldest, isFew: true });
      // Each of its grams but “aal” is in many names.
      expect(await examined({ text: 'alphaalpha' })).toEqual(nothing);
    });
  });
});
