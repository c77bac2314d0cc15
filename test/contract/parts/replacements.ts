import { describe, expect, test } from '@jest/globals';
import type { CheckRequest } from '../../../src/domain/check-request.ts';
import { decide, defineCheck } from '../../../src/domain/check.ts';
import type { CheckOutcome } from '../../../src/domain/decision.ts';
import type { BindingKind } from '../../../src/domain/limits.ts';
import * as rules from '../../../src/domain/rules.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { hourMs } from '../../../src/domain/values/calendar.ts';
import type { Storage } from '../../../src/storage/port/storage.ts';
import { addPopulatedGuild, aRequest, noTrail } from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

const definition = defineCheck({
  protocol: 'tki',
  rules: [rules.licenseUnknown, rules.ipLimit, rules.hwidLimit, rules.macLimit],
  findProduct: () => null,
  limitedIp: ({ declaredIp }) => declaredIp,
});

const check = (storage: Storage, own: Partial<CheckRequest>) =>
  storage.decide(aRequest(), (snapshot) => decide(definition, aRequest(own), snapshot));
const wordOf = (outcome: CheckOutcome) => (outcome.result === 'denied' ? outcome.denial : outcome.result);

function change(storage: Storage, settings: Partial<Settings>) {
  return storage.changeSettings('g1', (current) => ({ next: { ...current, ...settings }, trail: noTrail, result: {} }));
}

async function valuesOf(storage: Storage, licenseId: number, kind: BindingKind): Promise<readonly string[]> {
  const { bindings } = await storage.bindings('g1', licenseId, 1_000);
  return bindings.filter((binding) => binding.kind === kind).map(({ value }) => value);
}

async function replacementsOf(storage: Storage, id: number) {
  return (await storage.license('g1', { id }))?.replacements;
}

/** Asks on both processes in turn, all at once. */
async function race(stores: readonly [Storage, Storage], count: number, own: (i: number) => Partial<CheckRequest>) {
  const checks = Array.from({ length: count }, (_, i) => check(stores[i % 2 ? 1 : 0], own(i)));
  return (await Promise.all(checks)).map(wordOf);
}

export function describeReplacements(openStage: OpenStage): void {
  async function openGuild(settings: Partial<Settings>) {
    const { storage, installation, clock } = await openStage();
    const { license } = await addPopulatedGuild(storage);
    await change(storage, settings);
    const other = await installation.open();
    return { storage, other, stores: [storage, other] as const, license, clock };
  }

  describe('where the newest machine wins', () => {
    const settings: Partial<Settings> = {
      'limits.hwid': 1,
      'limits.onFull': 'replace-oldest',
      'limits.replacesPer30Days': 1,
    };

    test('of 20 replacements at once on two processes at a quota of 1 exactly one is made', async () => {
      const { storage, stores, license, clock } = await openGuild(settings);
      await check(storage, { hwid: 'OLD' });

      const words = await race(stores, 20, (i) => ({ hwid: `PC-${i}` }));

      expect(words.filter((word) => word === 'granted')).toHaveLength(1);
      expect(words.filter((word) => word === 'hwid-limit')).toHaveLength(19);
      expect(await valuesOf(storage, license.id, 'hwid')).toEqual([`PC-${words.indexOf('granted')}`]);
      expect(await replacementsOf(storage, license.id)).toEqual([clock.now()]);
      expect(wordOf(await check(storage, { hwid: 'OLD' }))).toBe('hwid-limit');
    });

    test('the least recently seen slot goes, with everything that the grant writes, and binds the next check', async () => {
      const { storage, other, license, clock } = await openGuild({ ...settings, 'limits.hwid': 2 });
      for (const hwid of ['OLDEST', 'OLD']) {
        await check(storage, { hwid });
        clock.advance(hourMs);
      }
      const firstSeenAt = clock.now();

      expect(wordOf(await check(other, { hwid: 'NEW' }))).toBe('granted');

      const words = await race([storage, other], 3, (i) => ({ hwid: ['OLD', 'NEW', 'OLDEST'][i]! }));
      expect(words).toEqual(['granted', 'granted', 'hwid-limit']);
      const { bindings } = await storage.bindings('g1', license.id, 10);
      expect(bindings.map(({ value }) => value).sort()).toEqual(['NEW', 'OLD']);
      expect(bindings.find(({ value }) => value === 'NEW')).toMatchObject({ firstSeenAt, releasedAt: null });
      const attempts = await storage.attempts('g1', { hwid: 'NEW' }, { limit: 10, beforeId: null });
      expect(attempts).toMatchObject([
        { newBindings: [], replaced: null },
        { newBindings: ['hwid'], replaced: [{ kind: 'hwid', value: 'OLDEST' }] },
      ]);
    });

    test('a change of the setting binds the next check of every process', async () => {
      const { storage, other } = await openGuild({ ...settings, 'limits.onFull': 'refuse' });
      await check(other, { hwid: 'A' });
      expect(wordOf(await check(other, { hwid: 'B' }))).toBe('hwid-limit');

      await change(storage, { 'limits.onFull': 'replace-oldest' });
      expect(wordOf(await check(other, { hwid: 'B' }))).toBe('granted');
      await change(storage, { 'limits.replacesPer30Days': 2, 'limits.onFull': 'refuse' });
      expect(wordOf(await check(other, { hwid: 'A' }))).toBe('hwid-limit');
    });
  });

  describe('where addresses follow HWIDs', () => {
    const settings: Partial<Settings> = { 'limits.ip': 1, 'limits.hwid': 2, 'limits.ipMode': 'follow-hwid' };

    test('20 new addresses of one HWID at once on two processes pass, and one of them has the slot', async () => {
      const { storage, stores, license } = await openGuild(settings);
      await check(storage, { hwid: 'PC', declaredIp: '192.0.2.1' });

      const words = await race(stores, 20, (i) => ({ hwid: 'PC', declaredIp: `198.51.100.${i}` }));

      expect(new Set(words)).toEqual(new Set(['granted']));
      const [address, ...others] = await valuesOf(storage, license.id, 'ip');
      expect(address).toMatch(/^198\.51\.100\./);
      expect(others).toEqual([]);
      expect(await replacementsOf(storage, license.id)).toEqual([]);
      expect(wordOf(await check(storage, { hwid: 'OTHER', declaredIp: '203.0.113.7' }))).toBe('ip-limit');
    });

    test('an IPv4 and an IPv6 address of one HWID at once share the slot, which both keep', async () => {
      const { storage, stores, license, clock } = await openGuild(settings);
      const addresses = ['192.0.2.1', '2001:db8:0:1::/64'];
      const use = () => race(stores, 2, (i) => ({ hwid: 'PC', declaredIp: addresses[i]! }));
      // The first check binds the HWID, which holds a slot from then on.
      await check(storage, { hwid: 'PC', declaredIp: addresses[0]! });

      expect(await use()).toEqual(['granted', 'granted']);

      clock.advance(hourMs);
      expect(await use()).toEqual(['granted', 'granted']);
      const { bindings } = await storage.bindings('g1', license.id, 10);
      const ips = bindings.filter(({ kind }) => kind === 'ip').map(({ value, hwid }) => [value, hwid]);
      expect(ips.sort()).toEqual(addresses.map((value) => [value, 'PC']));
      const [newest] = await storage.attempts('g1', {}, { limit: 1, beforeId: null });
      expect(newest?.newBindings).toEqual([]);
      expect(wordOf(await check(storage, { hwid: 'OTHER', declaredIp: '203.0.113.7' }))).toBe('ip-limit');
    });

    test('a released HWID brings no address along', async () => {
      const { storage, other, license } = await openGuild(settings);
      await check(storage, { hwid: 'PC', declaredIp: '192.0.2.1' });
      await storage.changeLicense('g1', { id: license.id }, (current) => ({
        next: current,
        trail: noTrail,
        result: {},
        release: [{ kind: 'hwid', value: 'PC' }],
      }));

      expect(wordOf(await check(other, { hwid: 'PC', declaredIp: '192.0.2.2' }))).toBe('ip-limit');
      expect(await valuesOf(storage, license.id, 'ip')).toEqual(['192.0.2.1']);
    });
  });
}
