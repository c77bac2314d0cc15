import { describe, expect, test } from '@jest/globals';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import type { Storage } from '../../../src/storage/port/storage.ts';
import { grant } from '../../support/grants.ts';
import { addPopulatedGuild, noTrail } from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

const minute = 60_000;
const hour = 60 * minute;
const hwid = (value: string) => ({ kind: 'hwid', value, forgetBefore: null }) as const;
const observedMac = (value: string) => ({ kind: 'mac', value }) as const;

async function set(storage: Storage, own: Partial<Settings>): Promise<void> {
  await storage.changeSettings('g1', (current) => ({ next: { ...current, ...own }, trail: noTrail, result: {} }));
}

export function describeLicenseBindings(openStage: OpenStage): void {
  describe('bindings', () => {
    async function openWithLicense() {
      const stage = await openStage();
      const { storage } = stage;
      const { license, product } = await addPopulatedGuild(storage, 'g1');
      const list = async (limit = 100) => {
        const { bindings, counts } = await storage.bindings('g1', license.id, limit);
        return { values: bindings.map(({ kind, value }) => `${kind} ${value}`), counts };
      };
      return { ...stage, license, product, list };
    }

    test('slots of limited kinds and observed values of unlimited ones are listed, newest use first', async () => {
      const { storage, clock, license, list } = await openWithLicense();
      const first = clock.now();
      await grant(storage, {}, { take: [hwid('one'), hwid('two')], observed: [observedMac('aa'), observedMac('bb')] });
      clock.advance(2 * hour);
      await grant(storage, {}, { refresh: [hwid('one')], observed: [observedMac('aa')] });
      expect(await list()).toEqual({
        values: ['hwid one', 'hwid two', 'mac aa', 'mac bb'],
        counts: { ip: 0, hwid: 2, mac: 2 },
      });
      const { bindings } = await storage.bindings('g1', license.id, 100);
      expect(bindings[0]).toEqual({
        kind: 'hwid',
        value: 'one',
        firstSeenAt: first,
        lastSeenAt: clock.now(),
        releasedAt: null,
      });
    });

    test('at most so many of a kind are listed, and all are counted', async () => {
      const { storage, clock, list } = await openWithLicense();
      for (const value of ['1', '2', '3']) {
        await grant(storage, {}, { take: [hwid(value)], observed: [observedMac(value)] });
        clock.advance(2 * minute);
      }
      expect(await list(2)).toEqual({
        values: ['hwid 3', 'hwid 2', 'mac 3', 'mac 2'],
        counts: { ip: 0, hwid: 3, mac: 3 },
      });
    });

    test('when a limit is set or lifted the other list is shown', async () => {
      const { storage, list } = await openWithLicense();
      await grant(
        storage,
        {},
        { take: [hwid('slot')], observed: [{ kind: 'hwid', value: 'observed' }, observedMac('aa')] },
      );
      expect((await list()).values).toEqual(['hwid slot', 'mac aa']);
      await set(storage, { 'limits.hwid': null, 'limits.mac': 3 });
      expect((await list()).values).toEqual(['hwid observed']);
      await set(storage, { 'limits.hwid': 0 });
      expect((await list()).values).toEqual(['hwid slot']);
    });

    test('slots that have timed out are not listed', async () => {
      const { storage, clock, list } = await openWithLicense();
      await grant(storage, {}, { take: [hwid('old')] });
      clock.advance(10 * minute);
      await grant(storage, {}, { take: [hwid('new')] });
      await set(storage, { 'forgetAfter.hwid': 10 });
      expect(await list()).toEqual({ values: ['hwid new'], counts: { ip: 0, hwid: 1, mac: 0 } });
      await set(storage, { 'forgetAfter.hwid': 11 });
      expect((await list()).values).toEqual(['hwid new', 'hwid old']);
    });

    test('thousands of observed values are counted whole and listed newest first', async () => {
      const { storage, clock, list } = await openWithLicense();
      const values = Array.from({ length: 4_100 }, (_, index) => observedMac(String(index).padStart(5, '0')));
      await grant(storage, {}, { observed: values });
      clock.advance(2 * hour);
      await grant(storage, {}, { observed: [observedMac('02050')] });
      const listed = await list(3);
      expect(listed.counts.mac).toBe(4_100);
      expect(listed.values).toHaveLength(3);
      expect(listed.values[0]).toBe('mac 02050');
    });

    test('a reset releases thousands of observed values, and its undo brings back exactly them', async () => {
      const { storage, clock, license, list } = await openWithLicense();
      await grant(storage, {}, { observed: Array.from({ length: 1_700 }, (_, index) => observedMac(`m${index}`)) });
      const reset = (own: { release: [{ kind: 'mac'; value: string | null }] } | { undoRelease: Date }) =>
        storage.changeLicense('g1', { id: license.id }, (current) => ({
          next: current,
          trail: noTrail,
          result: {},
          ...own,
        }));
      await reset({ release: [{ kind: 'mac', value: 'm5' }] });
      clock.advance(minute);
      const at = clock.now();
      await reset({ release: [{ kind: 'mac', value: null }] });
      expect((await list()).counts.mac).toBe(0);
      clock.advance(minute);
      await grant(storage, {}, { observed: [observedMac('m7')] });
      expect((await list()).values).toEqual(['mac m7']);
      await reset({ undoRelease: at });
      expect((await list()).counts.mac).toBe(1_699);
    });

    test('what is used again while a reset goes through thousands of observed values stays', async () => {
      const { storage, clock, license, list } = await openWithLicense();
      const values = Array.from({ length: 1_700 }, (_, index) => observedMac(String(index).padStart(5, '0')));
      await grant(storage, {}, { observed: values });
      let used: Promise<void> | undefined;
      await storage.changeLicense('g1', { id: license.id }, (current) => {
        clock.advance(2 * hour);
        used ??= grant(storage, {}, { observed: [observedMac('01699')] });
        return { next: current, trail: noTrail, result: {}, release: [{ kind: 'mac', value: null }] };
      });
      await used;
      expect((await list()).values).toEqual(['mac 01699']);
    });

    test("another guild's license has no bindings here", async () => {
      const { storage, license } = await openWithLicense();
      await addPopulatedGuild(storage, 'g2');
      await grant(storage, {}, { take: [hwid('pc')] });
      const none = { bindings: [], counts: { ip: 0, hwid: 0, mac: 0 } };
      expect(await storage.bindings('g2', license.id, 10)).toEqual(none);
      expect(await storage.bindings('g1', license.id + 100, 10)).toEqual(none);
    });
  });
}
