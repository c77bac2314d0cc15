import { describe, expect, test } from '@jest/globals';
import { newGuild, noTrail } from '../../support/storage-fixtures.ts';
import { aTrail, auditOf, countTrails } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

export function describeApiKeys(openStage: OpenStage): void {
  describe('API keys', () => {
    async function openWithGuilds() {
      const stage = await openStage();
      await stage.storage.addGuild(newGuild('g1'), noTrail);
      await stage.storage.addGuild(newGuild('g2'), noTrail);
      const create = async (guildId: string, secret: string, expiresAt: Date | null = null) => {
        const given = {
          name: 'shop',
          scopes: ['auth', 'licenses:read'],
          secret,
          expiresAt,
          createdBy: 'user:5',
        } as const;
        return stage.storage.createApiKey(guildId, given, ({ id }) => aTrail('api-key.created', `api-key:${id}`));
      };
      return { ...stage, create };
    }

    test('a key is listed in its guild without its secret', async () => {
      const { storage, clock, create } = await openWithGuilds();
      const expiresAt = new Date(clock.now().getTime() + 1);
      const apiKey = {
        id: expect.any(Number),
        guildId: 'g1',
        name: 'shop',
        scopes: ['auth', 'licenses:read'],
        createdAt: clock.now(),
        createdBy: 'user:5',
        expiresAt,
        revokedAt: null,
      };
      const made = await create('g1', 'secret', expiresAt);
      expect(made).toEqual({ apiKey, effectIds: [expect.any(Number)] });
      expect(await storage.apiKeys('g1')).toEqual([apiKey]);
      expect(await storage.apiKeys('g2')).toEqual([]);
      expect(await auditOf(storage, 'g1')).toEqual([expect.stringMatching(/^api-key\.created api-key:\d+$/)]);
    });

    test('a secret that any guild has, also a revoked one, is taken and leaves no trail', async () => {
      const { storage, create } = await openWithGuilds();
      const made = await create('g1', 'secret');
      if ('taken' in made) throw new Error('taken');
      expect(await create('g1', 'secret')).toEqual({ taken: true });
      expect(await create('g2', 'secret')).toEqual({ taken: true });
      await storage.revokeApiKey('g1', made.apiKey.id, noTrail);
      expect(await create('g2', 'secret')).toEqual({ taken: true });
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('of parallel calls with one secret one makes a key', async () => {
      const { create } = await openWithGuilds();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => create(`g${1 + (index % 2)}`, 'secret')),
      );
      expect(answers.filter((answer) => 'apiKey' in answer)).toHaveLength(1);
    });

    test('revoking takes effect once and keeps the first instant', async () => {
      const { storage, clock, create } = await openWithGuilds();
      const made = await create('g1', 'secret');
      if ('taken' in made) throw new Error('taken');
      const { id } = made.apiKey;
      const at = clock.now();
      const trail = aTrail('api-key.revoked', `api-key:${id}`);
      expect(await storage.revokeApiKey('g1', id, trail)).toEqual({ ...made.apiKey, revokedAt: at });
      clock.advance(1_000);
      expect(await storage.revokeApiKey('g1', id, trail)).toEqual({ ...made.apiKey, revokedAt: at });
      expect(await countTrails(storage)).toEqual({ audit: 2, effects: 2 });
    });

    test('a key is found by its secret in all guilds, a revoked one too', async () => {
      const { storage, clock, create } = await openWithGuilds();
      const made = [await create('g1', 'secret-one'), await create('g2', 'secret-two')];
      const [first, second] = made.map((one) => ('taken' in one ? null : one.apiKey));
      expect(await storage.apiKeyBySecret('secret-one')).toEqual(first);
      expect(await storage.apiKeyBySecret('secret-two')).toEqual(second);
      await storage.revokeApiKey('g2', second!.id, noTrail);
      expect(await storage.apiKeyBySecret('secret-two')).toEqual({ ...second, revokedAt: clock.now() });
      for (const secret of ['', 'secret', 'SECRET-ONE', 'secret-one ']) {
        expect(await storage.apiKeyBySecret(secret)).toBeNull();
      }
    });

    test("another guild's key cannot be revoked", async () => {
      const { storage, create } = await openWithGuilds();
      const made = await create('g1', 'secret');
      if ('taken' in made) throw new Error('taken');
      expect(await storage.revokeApiKey('g2', made.apiKey.id, aTrail())).toBeNull();
      expect(await storage.apiKeys('g1')).toEqual([made.apiKey]);
      expect(await auditOf(storage, 'g2')).toEqual([]);
    });
  });
}
