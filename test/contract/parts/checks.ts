import { describe, expect, test } from '@jest/globals';
import type { CheckRequest } from '../../../src/domain/check-request.ts';
import type { DecisionRule } from '../../../src/domain/decision.ts';
import { deny, grant, grantRule, stateRule } from '../../support/check-rules.ts';
import { addLicense, addPopulatedGuild, aRequest, newGuild, noTrail } from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

const grantOrUnknown: DecisionRule = (snapshot) =>
  snapshot.license ? grant(snapshot) : deny(snapshot, 'license-unknown');
const firstPage = { limit: 200, beforeId: null };

export function describeChecks(openStage: OpenStage): void {
  describe('a check', () => {
    test('is answered with the license, its owner, its product and what the attempt was', async () => {
      const { storage, clock } = await openStage();
      const { product } = await addPopulatedGuild(storage);
      const license = await addLicense(storage, 'g1', product.id, { key: 'OWNED', ownerId: '7', order: 'ORDER-1' });
      const owner = { id: '7', username: 'sam', discriminator: '0' };
      await storage.rememberUser(owner);

      const outcome = await storage.decide(aRequest({ key: 'OWNED' }), (snapshot) =>
        grant(snapshot, {}, { userAgent: 'java/21', newBindings: ['ip', 'mac'], quiet: true }),
      );

      expect(outcome).toMatchObject({ result: 'granted', license, product, owner });
      const [attempt] = await storage.attempts('g1', { quiet: true }, firstPage);
      expect(attempt).toMatchObject({
        at: clock.now(),
        guildId: 'g1',
        result: 'granted',
        licenseId: license.id,
        productId: product.id,
        userAgent: 'java/21',
        newBindings: ['ip', 'mac'],
        quiet: true,
      });
    });

    test('that is denied is an attempt too', async () => {
      const { storage } = await openStage();
      const { license } = await addPopulatedGuild(storage);

      const outcome = await storage.decide(aRequest(), (snapshot) => deny(snapshot, 'version-mismatch'));

      expect(outcome).toEqual({ result: 'denied', denial: 'version-mismatch', detail: null });
      const attempts = await storage.attempts('g1', {}, firstPage);
      expect(attempts).toMatchObject([{ result: 'version-mismatch', licenseId: license.id }]);
    });

    test.each(['not-known', 'screened'] as const)('that is not recorded (%s) stores nothing', async (result) => {
      const { storage } = await openStage();
      await addPopulatedGuild(storage);

      const outcome = await storage.decide(aRequest(), () => ({ recorded: false, outcome: { result } }));

      expect(outcome).toEqual({ result });
      expect(await storage.attempts('g1', {}, firstPage)).toEqual([]);
    });

    test('finds its guild by API key, team, user or the first known product', async () => {
      const { storage } = await openStage();
      const { product } = await addPopulatedGuild(storage, 'g1');
      await addPopulatedGuild(storage, 'g2');
      const guildOf = async (guildReference: CheckRequest['guildReference']) => {
        const outcome = await storage.decide(aRequest({ guildReference }), grantRule);
        return outcome.result === 'granted' ? outcome.guild.id : outcome;
      };

      expect(await guildOf({ by: 'api-key', secret: 'secret-of-g2' })).toBe('g2');
      expect(await guildOf({ by: 'team', teamId: 'team-g1' })).toBe('g1');
      expect(await guildOf({ by: 'user', userId: 'user-g2' })).toBe('g2');
      expect(await guildOf({ by: 'product', productIds: [987_654, product.id] })).toBe('g1');
    });

    describe('where letter case does not count', () => {
      const asked = (key: string) => aRequest({ key, ignoresKeyCase: true });

      test('finds the one license whose key is the same but for it, and none with other hyphens', async () => {
        const { storage } = await openStage();
        const { product } = await addPopulatedGuild(storage, 'g1');
        const { id } = await addLicense(storage, 'g1', product.id, { key: 'Shop-\u00c9-1' });
        const licenseOf = async (request: CheckRequest) =>
          (await storage.decide(request, grantOrUnknown)).result === 'granted'
            ? (await storage.attempts('g1', {}, firstPage))[0]?.licenseId
            : null;
        expect(await licenseOf(asked('SHOP-\u00e9-1'))).toBe(id);
        for (const key of ['shop\u00e91', 'shop \u00e9 1', 'shop-e-1', ''])
          expect(await licenseOf(asked(key))).toBeNull();
        expect(await licenseOf(aRequest({ key: 'shop-\u00e9-1' }))).toBeNull();
        await storage.changeSettings('g1', (current) => {
          return { next: { ...current, 'key.ignoreCase': true }, trail: noTrail, result: {} };
        });
        expect(await licenseOf(aRequest({ key: 'shop-\u00e9-1' }))).toBe(id);
      });

      test('means exactly the asked key where a license has it, and none where several have it in other cases', async () => {
        const { storage, clock } = await openStage();
        const { product } = await addPopulatedGuild(storage, 'g1');
        const lower = await addLicense(storage, 'g1', product.id, { key: 'twin' });
        const upper = await addLicense(storage, 'g1', product.id, { key: 'TWIN' });
        const outcomeOf = (key: string) => storage.decide(asked(key), grantOrUnknown);
        expect(await outcomeOf('twin')).toMatchObject({ license: { id: lower.id } });
        expect(await outcomeOf('TWIN')).toMatchObject({ license: { id: upper.id } });
        expect(await outcomeOf('Twin')).toMatchObject({ denial: 'license-unknown' });
        await storage.changeLicense('g1', { id: lower.id }, (current) => {
          return { next: { ...current, deletedAt: clock.now() }, trail: noTrail, result: {} };
        });
        for (const key of ['Twin', 'twin']) expect(await outcomeOf(key)).toMatchObject({ license: { id: upper.id } });
      });

      test("compares blacklist entries with the license's own key, and chooses among guilds by it", async () => {
        const { storage } = await openStage();
        const first = await addPopulatedGuild(storage, 'g1');
        const second = await addPopulatedGuild(storage, 'g2');
        await addLicense(storage, 'g2', second.product.id, { key: 'ONLY-HERE' });
        const blacklisted = { type: 'key', value: '', match: null, key: 'ONLY-HERE' } as const;
        const { entry } = await storage.addBlacklistEntry(
          'g2',
          { ...blacklisted, reason: null, expiresAt: null, createdBy: 'cli' },
          () => noTrail,
        );
        const productIds = [first.product.id, second.product.id];
        const request = { ...asked('only-here'), guildReference: { by: 'product', productIds } } as const;
        let found: unknown = null;
        await storage.decide(request, (snapshot) => {
          const { guild, blacklist } = snapshot.bundle;
          found = [guild.id, blacklist.find('key', snapshot.keyHash() ?? '', snapshot.now)];
          return grant(snapshot);
        });
        expect(found).toEqual(['g2', entry.id]);
      });
    });

    test.each<[CheckRequest['guildReference'], string]>([
      [{ by: 'api-key', secret: null }, 'api-key-missing'],
      [{ by: 'api-key', secret: 'an unknown secret' }, 'api-key-unknown'],
      [{ by: 'team', teamId: 'unknown-team' }, 'team-unknown'],
      [{ by: 'user', userId: 'unknown-user' }, 'user-unknown'],
      [{ by: 'product', productIds: [987_654] }, 'product-id-unknown'],
      [{ by: 'product', productIds: [] }, 'product-id-unknown'],
    ])('that names no guild (%j) asks no rule and stores nothing', async (guildReference, reason) => {
      const { storage } = await openStage();
      await addPopulatedGuild(storage);

      const outcome = await storage.decide(aRequest({ guildReference }), () => {
        throw new Error('asked');
      });

      expect(outcome).toEqual({ result: 'unknown-guild', reason });
      expect(await storage.attempts('g1', {}, firstPage)).toEqual([]);
    });

    test('does not know an API key that expired, is revoked or has another scope', async () => {
      const { storage, clock } = await openStage();
      const { apiKey } = await addPopulatedGuild(storage);
      const make = (secret: string, own: object) =>
        storage.createApiKey(
          'g1',
          { name: secret, scopes: ['auth'], secret, expiresAt: null, createdBy: 'cli', ...own },
          () => noTrail,
        );
      await make('ends', { expiresAt: new Date(clock.now().getTime() + 1000) });
      await make('reads', { scopes: ['licenses:read', 'licenses:write'] });
      const resultOf = async (secret: string) =>
        (await storage.decide(aRequest({ guildReference: { by: 'api-key', secret } }), grantRule)).result;

      expect(await resultOf('ends')).toBe('granted');
      expect(await resultOf('reads')).toBe('unknown-guild');
      clock.advance(1000);
      expect(await resultOf('ends')).toBe('unknown-guild');
      expect(await resultOf('secret-of-g1')).toBe('granted');
      await storage.revokeApiKey('g1', apiKey.id, noTrail);
      expect(await resultOf('secret-of-g1')).toBe('unknown-guild');
    });

    test('sees the license of its own guild where two guilds have the same key', async () => {
      const { storage } = await openStage();
      const first = await addPopulatedGuild(storage, 'g1');
      const second = await addPopulatedGuild(storage, 'g2');
      await storage.addGuild(newGuild('g3'), noTrail);

      const outcomes = await Promise.all(
        ['g1', 'g2', 'g3'].map((id) =>
          storage.decide(aRequest({ guildReference: { by: 'team', teamId: `team-${id}` } }), grantRule),
        ),
      );

      expect(outcomes).toMatchObject([
        { license: first.license },
        { license: second.license },
        { denial: 'license-unknown' },
      ]);
    });

    test('finds no license without a key, with another case, a blank more, or once it is deleted', async () => {
      const { storage } = await openStage();
      const { license } = await addPopulatedGuild(storage);
      const { key } = aRequest();
      const resultOf = async (asked: string | null) =>
        (await storage.decide(aRequest({ key: asked }), grantRule)).result;

      expect(await Promise.all([null, '', key!.toLowerCase(), ` ${key!}`, `${key!}\0`].map(resultOf))).toEqual(
        Array.from({ length: 5 }, () => 'denied'),
      );
      expect(await resultOf(key)).toBe('granted');
      await storage.changeLicense('g1', { id: license.id }, (current) => ({
        next: { ...current, deletedAt: new Date(0) },
        trail: noTrail,
        result: {},
      }));
      expect(await resultOf(key)).toBe('denied');
    });

    test('stores its activation and the end that follows from it, and the next check sees both', async () => {
      const { storage, clock } = await openStage();
      await addPopulatedGuild(storage);
      const expiresAt = new Date(clock.now().getTime() + 60_000);

      await storage.decide(aRequest(), (snapshot) => grant(snapshot, { activation: { at: snapshot.now, expiresAt } }));

      expect(await storage.decide(aRequest(), stateRule)).toMatchObject({
        license: { activatedAt: clock.now(), expiresAt },
      });
      clock.advance(60_000);
      expect(await storage.decide(aRequest(), stateRule)).toMatchObject({ denial: 'expired' });
    });

    test('does not lose the end of a license to an activation that sets none', async () => {
      const { storage } = await openStage();
      const { product } = await addPopulatedGuild(storage);
      const expiresAt = new Date('2027-01-31T23:59:59.999Z');
      await addLicense(storage, 'g1', product.id, { key: 'DATED', expiry: { type: 'date' }, expiresAt });

      await storage.decide(aRequest({ key: 'DATED' }), (snapshot) =>
        grant(snapshot, { activation: { at: snapshot.now, expiresAt: null } }),
      );

      expect(await storage.license('g1', { key: 'DATED' })).toMatchObject({ expiresAt });
    });

    test('whose rule throws rejects and stores nothing, while the others of its group are answered and stored', async () => {
      const { storage } = await openStage();
      await addPopulatedGuild(storage);
      const broken: DecisionRule = () => {
        throw new Error('an error in a rule');
      };

      const answers = await Promise.allSettled(
        [grantRule, broken, grantRule].map((rule) => storage.decide(aRequest(), rule)),
      );

      expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await storage.attempts('g1', {}, firstPage)).toHaveLength(2);
    });

    test('without a license is stored one by one 60 times per guild and minute, and counted beyond that', async () => {
      const { storage, clock } = await openStage();
      await addPopulatedGuild(storage, 'g1');
      await addPopulatedGuild(storage, 'g2');
      const guess = (guildReference: CheckRequest['guildReference']) =>
        storage.decide(aRequest({ guildReference, key: 'WRONG' }), grantRule);
      const minute = clock.now();

      await Promise.all(Array.from({ length: 75 }, () => guess({ by: 'team', teamId: 'team-g1' })));
      await guess({ by: 'team', teamId: 'team-g2' });
      await storage.decide(aRequest(), grantRule);

      expect(await storage.attempts('g1', { result: 'denied' }, firstPage)).toHaveLength(60);
      expect(await storage.attempts('g1', { result: 'granted' }, firstPage)).toHaveLength(1);
      expect(await storage.attempts('g2', {}, firstPage)).toHaveLength(1);
      expect(await storage.attemptCounts('g1', new Date(0))).toEqual([
        { guildId: 'g1', minute, protocol: 'tki', result: 'license-unknown', count: 15 },
      ]);
      clock.advance(60_000);
      await guess({ by: 'team', teamId: 'team-g1' });
      expect(await storage.attempts('g1', { result: 'denied' }, firstPage)).toHaveLength(61);
    });

    test('that a blacklist entry blocked is counted on it', async () => {
      const { storage } = await openStage();
      await addPopulatedGuild(storage);
      const { entry } = await storage.addBlacklistEntry(
        'g1',
        { type: 'hwid', value: 'BAD', match: 'bad', key: null, reason: null, expiresAt: null, createdBy: 'cli' },
        () => noTrail,
      );
      const blocked: DecisionRule = (snapshot) => {
        const hit = snapshot.bundle.blacklist.find('hwid', 'bad', snapshot.now);
        return { ...deny(snapshot, 'hwid-blacklisted'), blacklistHit: hit };
      };

      await Promise.all([1, 2, 3].map(() => storage.decide(aRequest(), blocked)));

      expect(await storage.blacklistEntry('g1', { type: 'hwid', match: 'bad' })).toEqual({ ...entry, hits: 3 });
    });

    test('is committed when the drain ends', async () => {
      const { storage } = await openStage();
      await addPopulatedGuild(storage);
      const answered: string[] = [];

      for (let i = 0; i < 600; i += 1)
        void storage.decide(aRequest(), grantRule).then(({ result }) => answered.push(result));
      await storage.drain();

      expect(answered).toHaveLength(600);
      await storage.drain();
    });

    test('is denied as store-unavailable once the store is closed', async () => {
      const { storage } = await openStage();
      await addPopulatedGuild(storage);
      await storage.close();

      expect(await storage.decide(aRequest(), grantRule)).toEqual({
        result: 'denied',
        denial: 'store-unavailable',
        detail: null,
      });
    });
  });
}
