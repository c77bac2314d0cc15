import { describe, expect, test } from '@jest/globals';
import { defaultSettings } from '../../../src/domain/settings/settings.ts';
import { deny, grant } from '../../support/grants.ts';
import { boundTo } from '../../support/reach.ts';
import { addPopulatedGuild, newGuild, noTrail } from '../../support/storage-fixtures.ts';
import { aTrail, auditOf, countTrails } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

export function describeGuilds(openStage: OpenStage): void {
  describe('guilds', () => {
    test('a new guild is listed with its identities and the instant it was made at', async () => {
      const { storage, clock } = await openStage();
      const made = await storage.addGuild(newGuild('g1'), aTrail('guild.created', 'guild'));
      const { privateKey: _, ...visible } = newGuild('g1');
      expect(made).toEqual({ guild: { ...visible, createdAt: clock.now() } });
      expect(await storage.guilds()).toEqual([{ ...visible, createdAt: clock.now() }]);
      expect(await auditOf(storage, 'g1')).toEqual(['guild.created guild']);
    });

    test.each([
      ['id', { teamId: 'other', userId: 'other' }],
      ['teamId', { id: 'g2', userId: 'other' }],
      ['userId', { id: 'g2', teamId: 'other' }],
    ] as const)('a guild whose %s another one has is not stored and leaves no trail', async (taken, own) => {
      const { storage } = await openStage();
      await storage.addGuild(newGuild('g1'), noTrail);
      expect(await storage.addGuild({ ...newGuild('g1'), ...own }, aTrail())).toEqual({ taken });
      expect(await storage.guilds()).toHaveLength(1);
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
    });

    test("a guild's challenge key comes back as it was given, and of no other guild", async () => {
      const { storage } = await openStage();
      await storage.addGuild(newGuild('g1'), noTrail);
      await storage.addGuild(newGuild('g2'), noTrail);
      expect(await storage.challengeKey('g1')).toBe('private-key-of-g1');
      expect(await storage.challengeKey('g2')).toBe('private-key-of-g2');
      expect(await storage.challengeKey('g3')).toBeNull();
    });

    test('a system with a challenge key of its own has that, and every other the common one', async () => {
      const { storage } = await openStage();
      const systemKeys = { licensegate: { publicKey: 'public-of-lg', privateKey: 'private-of-lg' } };
      const made = await storage.addGuild(newGuild('g1', { systemKeys }), noTrail);
      const publicKeys = { licensegate: 'public-of-lg' };
      expect(made).toMatchObject({ guild: { publicKey: 'public-key-of-g1', publicKeys } });
      expect(await storage.guilds()).toMatchObject([{ publicKeys }]);
      expect((await storage.bundle('g1'))?.guild).toEqual((await storage.guilds())[0]);
      expect(JSON.stringify(await storage.guilds())).not.toContain('private');
      expect(await storage.challengeKey('g1', 'licensegate')).toBe('private-of-lg');
      expect(await storage.challengeKey('g1', 'lukittu')).toBe('private-key-of-g1');
      expect(await storage.challengeKey('g1')).toBe('private-key-of-g1');
      expect(await storage.challengeKey('g3', 'licensegate')).toBeNull();
    });

    test('renaming changes one guild, also in its bundle', async () => {
      const { storage } = await openStage();
      await storage.addGuild(newGuild('g1'), noTrail);
      await storage.addGuild(newGuild('g2'), noTrail);
      expect((await storage.bundle('g1'))?.guild.name).toBe('Guild g1');
      await storage.renameGuild('g1', 'Renamed');
      await storage.renameGuild('g3', 'Nobody');
      expect((await storage.guilds()).map(({ name }) => name)).toEqual(['Renamed', 'Guild g2']);
      expect((await storage.bundle('g1'))?.guild.name).toBe('Renamed');
    });

    test('a setting is changed in one guild, and all others keep their defaults', async () => {
      const { storage } = await openStage();
      await storage.addGuild(newGuild('g1'), noTrail);
      await storage.addGuild(newGuild('g2'), noTrail);
      const changed = await storage.changeSettings('g1', (current) => ({
        next: { ...current, 'limits.ip': null, 'remind.days': [3] },
        trail: aTrail('settings.changed', 'settings'),
        result: { before: current['limits.ip'] },
      }));
      expect(changed).toEqual({ before: 5, effectIds: [expect.any(Number)] });
      const settings = (await storage.bundle('g1'))?.settings;
      expect(settings).toEqual({ ...defaultSettings, 'limits.ip': null, 'remind.days': [3] });
      expect((await storage.bundle('g2'))?.settings).toEqual(defaultSettings);
      expect(await auditOf(storage, 'g1')).toEqual(['settings.changed settings']);
      expect(await auditOf(storage, 'g2')).toEqual([]);
    });

    test('a change of settings that decides to change nothing leaves no trail', async () => {
      const { storage } = await openStage();
      await storage.addGuild(newGuild('g1'), noTrail);
      const answer = await storage.changeSettings('g1', () => ({ next: null, trail: aTrail(), result: { no: true } }));
      expect(answer).toEqual({ no: true, effectIds: [] });
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
    });

    test('changes of settings that race see each other', async () => {
      const { storage } = await openStage();
      await storage.addGuild(newGuild('g1'), noTrail);
      const raise = () =>
        storage.changeSettings('g1', (current) => ({
          next: { ...current, 'issue.perStaffPerDay': current['issue.perStaffPerDay'] + 1 },
          trail: noTrail,
          result: {},
        }));
      await Promise.all(Array.from({ length: 20 }, raise));
      expect((await storage.bundle('g1'))?.settings['issue.perStaffPerDay']).toBe(45);
    });

    test('an unknown guild has no bundle, no settings and cannot be deleted', async () => {
      const { storage } = await openStage();
      const change = () => ({ next: defaultSettings, trail: aTrail(), result: {} });
      expect(await storage.bundle('g1')).toBeNull();
      expect(await storage.changeSettings('g1', change)).toBeNull();
      expect(await storage.deleteGuild('g1')).toBe(false);
    });

    test('a deleted guild leaves nothing behind, and its neighbour keeps everything', async () => {
      const { storage, clock } = await openStage();
      for (const guildId of ['g1', 'g2']) {
        const { license } = await addPopulatedGuild(storage, guildId);
        const request = { guildReference: { by: 'team', teamId: `team-${guildId}` } } as const;
        await grant(storage, request, {
          take: [{ kind: 'ip', value: '203.0.113.5', forgetBefore: null }],
          observed: [{ kind: 'mac', value: 'aa' }],
        });
        await deny(storage, request);
        await storage.recordAudit(guildId, aTrail().audit[0]!);
        await storage.addEffects(guildId, [{ kind: 'roles', userId: '1' }]);
        await storage.raiseAlert(guildId, { kind: 'spike', subject: 'x', text: 'text' });
        await storage.setRoleGranted(guildId, '1', '2', true);
        await storage.addBlacklistEntry(
          guildId,
          { type: 'user', value: '9', match: '9', key: null, reason: null, expiresAt: null, createdBy: 'cli' },
          () => noTrail,
        );
        expect(license.guildId).toBe(guildId);
      }
      expect(await storage.deleteGuild('g1')).toBe(true);
      expect((await storage.guilds()).map(({ id }) => id)).toEqual(['g2']);

      // Made again under the same id, it finds nothing of its former self; the same names and keys are free.
      await storage.addGuild(newGuild('g1'), noTrail);
      const page = { limit: 10, beforeId: null };
      const left = async (guildId: string) => ({
        products: (await storage.bundle(guildId))?.products.all().length,
        licenses: (await storage.licenses(guildId, {}, page)).length,
        attempts: (await storage.attempts(guildId, {}, page)).length,
        audit: (await storage.audit(guildId, {}, page)).length,
        apiKeys: (await storage.apiKeys(guildId)).length,
        blacklist: await storage.countBlacklist(guildId),
        roles: (await storage.grantedRoles(guildId, '1')).length,
        bound: (await boundTo(storage, guildId, 'ip')).licenses,
        observed: (await boundTo(storage, guildId, 'mac')).licenses,
      });
      expect(Object.values(await left('g1'))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
      expect(Object.values(await left('g2'))).toEqual([1, 1, 2, 1, 1, 1, 1, 1, 1]);
      clock.advance(10_000);
      expect((await storage.alertsAfter(0, 10)).map(({ guildId }) => guildId)).toEqual(['g2']);
      expect((await storage.claimEffects('roles', 10, 1_000)).map(({ guildId }) => guildId)).toEqual(['g2']);
      await storage.deleteGuild('g1');
      expect((await addPopulatedGuild(storage, 'g1')).license.guildId).toBe('g1');
    });
  });
}
