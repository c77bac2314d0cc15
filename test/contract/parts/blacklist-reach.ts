import { describe, expect, test } from '@jest/globals';
import type { GrantOrigin } from '../../../src/storage/port/blacklist.ts';
import { deny, grant } from '../../support/grants.ts';
import { anywhere, boundTo, reachQuery } from '../../support/reach.ts';
import { addLicense, addPopulatedGuild, noTrail } from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

const minute = 60_000;
const hwid = (value: string) => ({ kind: 'hwid', value, forgetBefore: null }) as const;
const first = 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE';
const ofG2 = { guildReference: { by: 'team', teamId: 'team-g2' } } as const;

export function describeBlacklistReach(openStage: OpenStage): void {
  describe('what a blacklist entry would hit', () => {
    /** `g1` with four licenses: the first is nobody's, the second and third belong to 5, the fourth to 6. */
    async function openWithLicenses() {
      const stage = await openStage();
      const { storage } = stage;
      const { license, product } = await addPopulatedGuild(storage, 'g1');
      await addPopulatedGuild(storage, 'g2');
      const second = await addLicense(storage, 'g1', product.id, { key: 'second', ownerId: '5' });
      await addLicense(storage, 'g1', product.id, { key: 'third', ownerId: '5' });
      await addLicense(storage, 'g1', product.id, { key: 'fourth', ownerId: '6' });
      return { ...stage, license, product, second };
    }

    test('licenses and owners with a matching binding are counted once each, in their guild only', async () => {
      const { storage, clock, license, second } = await openWithLicenses();
      for (const key of [first, 'second', 'third']) {
        await grant(storage, { key }, { take: [hwid('PC'), hwid('pc')], observed: [{ kind: 'hwid', value: 'Pc' }] });
      }
      await grant(storage, { key: 'fourth' }, { take: [hwid('other')] });
      await grant(storage, ofG2, { take: [hwid('pc')] });
      const isPc = (value: string) => value.toLowerCase() === 'pc';
      expect(await boundTo(storage, 'g1', 'hwid', isPc)).toEqual({ licenses: 3, owners: 1 });
      expect(await boundTo(storage, 'g1', 'hwid')).toEqual({ licenses: 4, owners: 2 });
      expect(await boundTo(storage, 'g1', 'ip')).toEqual({ licenses: 0, owners: 0 });
      expect(await boundTo(storage, 'g2', 'hwid', isPc)).toEqual({ licenses: 1, owners: 0 });

      await storage.changeLicense('g1', { id: second.id }, (current) => ({
        next: { ...current, deletedAt: clock.now() },
        trail: noTrail,
        result: {},
      }));
      await storage.changeLicense('g1', { id: license.id }, (current) => ({
        next: current,
        trail: noTrail,
        result: {},
        release: [{ kind: 'hwid', value: null }],
      }));
      expect(await boundTo(storage, 'g1', 'hwid', isPc)).toEqual({ licenses: 1, owners: 1 });
    });

    test('a grant counts by what was declared and observed, though nothing is bound; a denial does not', async () => {
      const { storage } = await openWithLicenses();
      await grant(storage, {
        key: first,
        declaredIp: '10.0.0.1',
        observedIp: '203.0.113.5',
        hwid: 'H',
        country: 'DEU',
      });
      await grant(storage, { key: 'second', declaredIp: '10.0.0.2', observedIp: '203.0.113.5' });
      await grant(storage, { key: 'fourth', observedIp: '198.51.100.7' });
      await deny(storage, { key: 'third', observedIp: '203.0.113.5' });
      await grant(storage, { ...ofG2, observedIp: '203.0.113.5' });
      const reach = (matches: (origin: GrantOrigin) => boolean) =>
        storage.blacklistReach('g1', reachQuery({ matches }));
      const hits = { isComplete: true, grants: { all: 3, matching: 2 } };
      const fromThere = await reach(({ observedIp }) => observedIp === '203.0.113.5');
      expect(fromThere).toEqual({ ...hits, licenses: 2, owners: 1 });
      expect(await reach(({ declaredIp }) => declaredIp === '10.0.0.2')).toMatchObject({ licenses: 1, owners: 1 });
      expect(await reach((origin) => origin.hwid === 'H' && origin.country === 'DEU')).toMatchObject({ licenses: 1 });
      expect(await reach(() => false)).toEqual({ ...hits, licenses: 0, owners: 0, grants: { all: 3, matching: 0 } });
    });

    test('what lies before the instant is left out, of bindings and of grants', async () => {
      const { storage, clock } = await openWithLicenses();
      await grant(storage, { key: first }, { take: [hwid('slot')], observed: [{ kind: 'mac', value: 'observed' }] });
      clock.advance(10 * minute);
      const since = clock.now();
      const reach = (own: object) => storage.blacklistReach('g1', reachQuery({ since, countSince: since, ...own }));
      const all = (kind: 'hwid' | 'mac') => ({ bindings: { kind, matches: () => true, ranges: [anywhere] } });
      for (const own of [all('hwid'), all('mac'), { matches: () => true }])
        expect(await reach(own)).toEqual({
          licenses: 0,
          owners: 0,
          grants: { all: 0, matching: 0 },
          isComplete: true,
        });
      await grant(storage, { key: 'second' }, { take: [hwid('slot')], observed: [{ kind: 'mac', value: 'observed' }] });
      for (const own of [all('hwid'), all('mac'), { matches: () => true }])
        expect(await reach(own)).toMatchObject({ licenses: 1, owners: 1 });
    });

    test('grants are counted from their own instant on', async () => {
      const { storage, clock } = await openWithLicenses();
      await grant(storage, { key: first });
      clock.advance(10 * minute);
      await grant(storage, { key: 'second' });
      const query = reachQuery({ countSince: clock.now(), matches: () => true });
      expect(await storage.blacklistReach('g1', query)).toMatchObject({
        licenses: 2,
        grants: { all: 1, matching: 1 },
      });
    });

    test('slots are looked for in the given ranges of values only', async () => {
      const { storage } = await openWithLicenses();
      await grant(storage, { key: first }, { take: [hwid('203.0.113.5')] });
      await grant(storage, { key: 'second' }, { take: [hwid('203.0.113.5:25565')] });
      await grant(storage, { key: 'fourth' }, { take: [hwid('203.0.114.5')] });
      const among = async (...ranges: readonly { readonly from: string; readonly to: string }[]) => {
        const bindings = { kind: 'hwid', matches: () => true, ranges } as const;
        return (await storage.blacklistReach('g1', reachQuery({ bindings }))).licenses;
      };
      expect(await among({ from: '203.0.113.5', to: '203.0.113.5' })).toBe(1);
      expect(await among({ from: '203.0.113.', to: '203.0.113.\u{10ffff}' })).toBe(2);
      expect(await among({ from: '203.0.114.5', to: '203.0.114.5' }, { from: '203.0.113.5', to: '203.0.113.5' })).toBe(
        2,
      );
      expect(await among()).toBe(0);
    });

    test('no more than so many rows are looked at, the newest grants, and the answer says so', async () => {
      const { storage } = await openWithLicenses();
      for (const key of [first, 'second', 'fourth']) {
        await grant(storage, { key }, { take: [hwid('pc')], observed: [{ kind: 'mac', value: 'aa' }] });
      }
      const ask = (maxRows: number) =>
        storage.blacklistReach('g1', reachQuery({ matches: ({ licenseId }) => licenseId > 0, maxRows }));
      expect(await ask(2)).toEqual({ licenses: 2, owners: 2, grants: { all: 2, matching: 2 }, isComplete: false });
      expect(await ask(4)).toEqual({ licenses: 3, owners: 2, grants: { all: 3, matching: 3 }, isComplete: true });
      for (const kind of ['hwid', 'mac'] as const) {
        const bindings = { kind, matches: () => true, ranges: [anywhere] };
        expect(await storage.blacklistReach('g1', reachQuery({ bindings, maxRows: 2 }))).toMatchObject({
          licenses: 2,
          isComplete: false,
        });
      }
    });

    test('licenses are counted up to so many, and grants go on being counted', async () => {
      const { storage } = await openWithLicenses();
      for (const key of [first, 'second', 'third', 'fourth']) {
        await grant(storage, { key }, { take: [hwid('pc')], observed: [{ kind: 'mac', value: 'aa' }] });
      }
      const grants = { all: 4, matching: 4 };
      const slots = { kind: 'hwid', matches: () => true, ranges: [anywhere] } as const;
      for (const bindings of [null, slots, { ...slots, kind: 'mac' } as const]) {
        const ask = (maxLicenses: number) =>
          storage.blacklistReach('g1', reachQuery({ bindings, matches: () => true, maxLicenses }));
        expect(await ask(3)).toMatchObject({ licenses: 3, grants, isComplete: false });
        expect(await ask(5)).toEqual({ licenses: 4, owners: 2, grants, isComplete: true });
      }
    });

    test('a rare value among thousands of attempts, slots and observed values is found', async () => {
      const { storage } = await openWithLicenses();
      const many = Array.from({ length: 1_200 }, (_, index) => `m${String(index).padStart(5, '0')}`);
      const rare = { take: [hwid('rare')], observed: [{ kind: 'mac', value: 'rare' } as const] };
      await grant(storage, { key: 'second', hwid: 'rare' }, rare);
      await grant(storage, { key: first }, { observed: many.map((value) => ({ kind: 'mac', value }) as const) });
      await grant(storage, { key: first }, { take: many.map(hwid) });
      await Promise.all(many.map((value) => grant(storage, { key: first, hwid: value })));
      const isRare = (value: string | null) => value === 'rare';
      const matches = (origin: GrantOrigin) => isRare(origin.hwid);
      expect(await storage.blacklistReach('g1', reachQuery({ matches }))).toMatchObject({ licenses: 1, owners: 1 });
      for (const kind of ['hwid', 'mac'] as const)
        expect(await boundTo(storage, 'g1', kind, isRare)).toEqual({ licenses: 1, owners: 1 });
    });
  });
}
