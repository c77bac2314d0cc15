import { describe, expect, test } from '@jest/globals';
import type { AttemptQuery } from '../../../src/storage/port/attempts.ts';
import { deny, grant } from '../../support/grants.ts';
import { addLicense, addPopulatedGuild, addProduct } from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

const everything = { limit: 10_000, beforeId: null };
const ofG2 = { guildReference: { by: 'team', teamId: 'team-g2' } } as const;
const hour = 3_600_000;

export function describeAttempts(openStage: OpenStage): void {
  describe('attempts', () => {
    async function openWithGuilds() {
      const stage = await openStage();
      const { license, product } = await addPopulatedGuild(stage.storage, 'g1');
      const other = await addPopulatedGuild(stage.storage, 'g2');
      return { ...stage, license, product, other };
    }

    test('an attempt is kept with everything that was stored of it', async () => {
      const { storage, clock, license, product } = await openWithGuilds();
      await grant(
        storage,
        {
          version: '1.0',
          branch: 'beta',
          scope: 'pro',
          declaredIp: '198.51.100.7:25565',
          hwid: 'pc',
          mac: 'aa',
          country: 'DEU',
          userAgent: 'Java/21',
          info: 'os=Linux',
        },
        {},
        { keySuffix: 'EEEEE', newBindings: ['ip', 'hwid'], replaced: [{ kind: 'ip', value: '192.0.2.1' }] },
      );
      expect(await storage.attempts('g1', {}, everything)).toEqual([
        {
          id: expect.any(Number),
          guildId: 'g1',
          at: clock.now(),
          protocol: 'tki',
          result: 'granted',
          licenseId: license.id,
          productId: product.id,
          product: 'Vault',
          version: '1.0',
          branch: 'beta',
          scope: 'pro',
          keySuffix: 'EEEEE',
          declaredIp: '198.51.100.7:25565',
          observedIp: '203.0.113.5',
          countedIp: 'declared',
          hwid: 'pc',
          mac: 'aa',
          country: 'DEU',
          userAgent: 'Java/21',
          info: 'os=Linux',
          newBindings: ['ip', 'hwid'],
          replaced: [{ kind: 'ip', value: '192.0.2.1' }],
          quiet: false,
        },
      ]);
      expect(await storage.attempts('g2', {}, everything)).toEqual([]);
    });

    test('filters find by license, result, protocol, address, HWID, product and time', async () => {
      const { storage, clock, license, product, other } = await openWithGuilds();
      const step = () => {
        clock.advance(1_000);
      };
      await grant(storage, { version: 'a', declaredIp: '10.0.0.1' });
      step();
      await deny(storage, { version: 'b', protocol: 'lukittu', hwid: 'pc' });
      step();
      const since = clock.now();
      await deny(storage, { version: 'c', observedIp: '10.0.0.1' }, { result: 'suspended', productId: product.id });
      step();
      await grant(storage, { version: 'd', quiet: true });
      await grant(storage, { ...ofG2, version: 'theirs' });
      const find = async (query: AttemptQuery) =>
        (await storage.attempts('g1', query, everything)).map(({ version }) => version).join('');
      expect(await find({})).toBe('cba');
      expect(await find({ quiet: true })).toBe('dcba');
      expect(await find({ result: 'denied' })).toBe('cb');
      expect(await find({ result: 'granted' })).toBe('a');
      expect(await find({ result: 'suspended' })).toBe('c');
      expect(await find({ protocol: 'lukittu' })).toBe('b');
      expect(await find({ ip: '10.0.0.1' })).toBe('ca');
      expect(await find({ hwid: 'pc' })).toBe('b');
      expect(await find({ productId: product.id })).toBe('ca');
      expect(await find({ since })).toBe('c');
      expect(await find({ licenseId: license.id })).toBe('cba');
      expect(await find({ licenseId: license.id, since, quiet: true })).toBe('dc');
      expect(await find({ licenseId: license.id, result: 'granted', ip: '10.0.0.1' })).toBe('a');
      expect(await find({ licenseId: other.license.id })).toBe('');
      expect(await find({ hwid: '%' })).toBe('');
    });

    test.each([
      ['of a guild', () => ({})],
      ['of a license', (licenseId: number) => ({ licenseId })],
    ])('pages %s come newest first without gap or repetition, also within one instant', async (_, queryOf) => {
      const { storage, clock, license } = await openWithGuilds();
      for (let index = 0; index < 7; index++) {
        await grant(storage, { version: String(index) });
        if (index % 3 === 0) clock.advance(1);
      }
      const listed: unknown[] = [];
      let beforeId: number | null = null;
      for (;;) {
        const page = await storage.attempts('g1', queryOf(license.id), { limit: 2, beforeId });
        if (page.length === 0) break;
        listed.push(...page.map(({ version }) => version));
        beforeId = page.at(-1)!.id;
      }
      expect(listed).toEqual(['6', '5', '4', '3', '2', '1', '0']);
    });

    test('a clock that steps back hides no attempt and repeats none', async () => {
      const { storage, clock } = await openWithGuilds();
      for (const stepMs of [1_000, -5_000, 1_000, -2_000]) {
        await grant(storage, { version: String(stepMs) });
        clock.advance(stepMs);
      }
      const listed: number[] = [];
      for (;;) {
        const [next] = await storage.attempts('g1', {}, { limit: 1, beforeId: listed.at(-1) ?? null });
        if (!next) break;
        listed.push(next.id);
      }
      const all = await storage.attempts('g1', {}, everything);
      expect(all).toHaveLength(4);
      expect(listed).toEqual(all.map(({ id }) => id));
    });

    test("a page that begins at another guild's attempt is empty", async () => {
      const { storage } = await openWithGuilds();
      await grant(storage, {});
      await grant(storage, ofG2);
      const [theirs] = await storage.attempts('g2', {}, everything);
      expect(await storage.attempts('g1', {}, { limit: 10, beforeId: theirs!.id })).toEqual([]);
    });

    test('rare attempts among thousands are all found', async () => {
      const { storage, clock } = await openWithGuilds();
      const many = async (count: number) => {
        await Promise.all(Array.from({ length: count }, () => grant(storage, {})));
      };
      await deny(storage, { version: 'old' });
      await many(2_100);
      clock.advance(1);
      await deny(storage, { version: 'mid' });
      await many(2_100);
      await deny(storage, { version: 'new' });
      const found = await storage.attempts('g1', { result: 'denied' }, everything);
      expect(found.map(({ version }) => version)).toEqual(['new', 'mid', 'old']);
      const [newest] = found;
      const next = await storage.attempts('g1', { result: 'denied' }, { limit: 1, beforeId: newest!.id });
      expect(next.map(({ version }) => version)).toEqual(['mid']);
    });

    test('the shipper reads all guilds oldest first and goes on where it stopped', async () => {
      const { storage, clock } = await openWithGuilds();
      await grant(storage, { version: '1' });
      await deny(storage, { ...ofG2, version: '2', quiet: true });
      await grant(storage, { version: '3' });
      clock.advance(10_000);
      const first = await storage.attemptsAfter(0, 2);
      expect(first.map(({ guildId, version }) => `${guildId} ${String(version)}`)).toEqual(['g1 1', 'g2 2']);
      const next = await storage.attemptsAfter(first.at(-1)!.id, 2);
      expect(next.map(({ version }) => version)).toEqual(['3']);
      expect(await storage.attemptsAfter(next.at(-1)!.id, 2)).toEqual([]);
    });

    test('attempts that were only counted are listed by minute, in their guild', async () => {
      const { storage, clock } = await openWithGuilds();
      const start = clock.now();
      const flood = () =>
        Promise.all(Array.from({ length: 63 }, () => deny(storage, { key: 'unknown' }, { result: 'license-unknown' })));
      await flood();
      clock.advance(60_000);
      await flood();
      const counts = await storage.attemptCounts('g1', start);
      const counted = { guildId: 'g1', protocol: 'tki', result: 'license-unknown', count: 3 };
      expect(counts).toEqual([
        { ...counted, minute: start },
        { ...counted, minute: clock.now() },
      ]);
      expect(await storage.attemptCounts('g1', clock.now())).toHaveLength(1);
      expect(await storage.attemptCounts('g2', start)).toEqual([]);
    });

    test('clients that a version would deny are counted once per license', async () => {
      const { storage, clock, product } = await openWithGuilds();
      const second = await addProduct(storage, 'g1', { name: 'Second' });
      await addLicense(storage, 'g1', product.id, { key: 'k2' });
      await addLicense(storage, 'g1', product.id, { key: 'k3' });
      await addLicense(storage, 'g1', second.id, { key: 'k4' });
      await grant(storage, { key: 'k3', version: '1.0' });
      clock.advance(hour);
      const since = clock.now();
      await grant(storage, { version: '1.0' });
      await grant(storage, { version: '1.0' });
      await grant(storage, { key: 'k2', version: null });
      await grant(storage, { key: 'k3', version: '2.0' });
      await grant(storage, { key: 'k4', version: '1.0' });
      await deny(storage, { key: 'k3', version: '1.0' }, { productId: product.id });
      const isOld = (version: string | null) => version !== '2.0';
      expect(await storage.countClients('g1', product.id, since, isOld)).toBe(2);
      expect(await storage.countClients('g1', product.id, new Date(0), isOld)).toBe(3);
      expect(await storage.countClients('g1', product.id, since, (version) => version === '2.0')).toBe(1);
      expect(await storage.countClients('g2', product.id, new Date(0), () => true)).toBe(0);
    });
  });
}
