import { afterEach, expect, test } from '@jest/globals';
import { licenseStates } from '../../src/domain/license.ts';
import type { LicenseQuery } from '../../src/storage/port/licenses.ts';
import { deny, grant } from '../support/grants.ts';
import { mongoEngine, withDatabase } from '../support/mongo-engine.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { anywhere, reachQuery } from '../support/reach.ts';
import { addLicense, addPopulatedGuild } from '../support/storage-fixtures.ts';
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
  });
});
