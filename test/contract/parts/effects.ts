import { describe, expect, test } from '@jest/globals';
import type { Effect } from '../../../src/domain/effect.ts';
import { addLicense, addPopulatedGuild, newGuild, noTrail } from '../../support/storage-fixtures.ts';
import { aTrail, auditOf } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

const roles = (userId: string): Effect => ({ kind: 'roles', userId });
const dm: Effect = {
  kind: 'dm',
  userId: '5',
  message: { type: 'keys', why: 'issued', licenseIds: [1, 2] },
};
const claimMs = 30_000;

export function describeEffects(openStage: OpenStage): void {
  describe('effects', () => {
    async function openWithGuilds() {
      const stage = await openStage();
      await stage.storage.addGuild(newGuild('g1'), noTrail);
      await stage.storage.addGuild(newGuild('g2'), noTrail);
      const claim = async (limit = 100) => stage.storage.claimEffects('roles', limit, claimMs);
      return { ...stage, claim };
    }

    test('an effect waits with everything it says until it is claimed', async () => {
      const { storage, clock } = await openWithGuilds();
      const ids = await storage.addEffects('g1', [dm, roles('6')]);
      const waiting = {
        guildId: 'g1',
        status: 'pending',
        createdAt: clock.now(),
        dueAt: clock.now(),
        claimedAt: null,
        tries: 0,
        outcome: null,
      };
      expect(await storage.effectsById(ids)).toEqual([
        { ...waiting, id: ids[0], effect: dm },
        { ...waiting, id: ids[1], effect: roles('6') },
      ]);
      expect(await storage.effectsById([999])).toEqual([]);
      const claimed = await storage.claimEffects('dm', 10, claimMs);
      expect(claimed.map(({ id, status, tries }) => ({ id, status, tries }))).toEqual([
        { id: ids[0], status: 'claimed', tries: 1 },
      ]);
    });

    test('effects are claimed oldest first, at most so many, and only those of the kind', async () => {
      const { storage, clock, claim } = await openWithGuilds();
      await storage.addEffects('g1', [roles('1'), dm]);
      clock.advance(1);
      await storage.addEffects('g2', [roles('2'), roles('3')]);
      const users = async (limit: number) => (await claim(limit)).map(({ effect }) => effect.userId);
      expect(await users(2)).toEqual(['1', '2']);
      expect(await users(2)).toEqual(['3']);
      expect(await users(2)).toEqual([]);
    });

    test('claims at the same time never get the same effect', async () => {
      const { storage, installation } = await openWithGuilds();
      await storage.addEffects(
        'g1',
        Array.from({ length: 50 }, (_, index) => roles(String(index))),
      );
      const stores = [storage, await installation.open()];
      const claims = Array.from({ length: 20 }, (_, index) => stores[index % 2]!.claimEffects('roles', 5, claimMs));
      const ids = (await Promise.all(claims)).flat().map(({ id }) => id);
      expect(ids).toHaveLength(50);
      expect(new Set(ids).size).toBe(50);
    });

    test('a claim that never ends is free for others after its time and not before', async () => {
      const { storage, clock, claim } = await openWithGuilds();
      const [id] = await storage.addEffects('g1', [roles('1')]);
      const first = clock.now();
      expect(await claim()).toHaveLength(1);
      clock.advance(claimMs - 1);
      expect(await claim()).toEqual([]);
      clock.advance(1);
      expect(await claim()).toMatchObject([{ id, tries: 2, claimedAt: first }]);
    });

    test.each(['done', 'failed', 'dropped'] as const)(
      'an effect that is %s stays so, with its outcome',
      async (status) => {
        const { storage, clock, claim } = await openWithGuilds();
        const [id] = await storage.addEffects('g1', [roles('1')]);
        await claim();
        const [event] = aTrail('effect.dropped', `effect:${id}`).audit;
        await storage.finishEffect(id!, { status, outcome: 'closed', dueAt: null }, event!);
        clock.advance(claimMs);
        expect(await claim()).toEqual([]);
        await storage.finishEffect(id!, { status: 'pending', outcome: 'late', dueAt: null }, event!);
        expect(await storage.effectsById([id!])).toMatchObject([{ status, outcome: 'closed', tries: 1 }]);
        expect(await auditOf(storage, 'g1')).toEqual([`effect.dropped effect:${id}`]);
        expect(await auditOf(storage, 'g2')).toEqual([]);
      },
    );

    test('an effect that is given back is due at the given instant', async () => {
      const { storage, clock, claim } = await openWithGuilds();
      const [id] = await storage.addEffects('g1', [roles('1')]);
      await claim();
      const dueAt = new Date(clock.now().getTime() + 5_000);
      await storage.finishEffect(id!, { status: 'pending', outcome: 'rate limited', dueAt }, null);
      clock.advance(4_999);
      expect(await claim()).toEqual([]);
      clock.advance(1);
      expect(await claim()).toMatchObject([{ id, tries: 2, dueAt, outcome: 'rate limited' }]);
    });

    test('an effect that waits for its user is not claimed until they join, and then counts as new', async () => {
      const { storage, clock } = await openWithGuilds();
      const claim = () => storage.claimEffects('dm', 10, claimMs);
      const other: Effect = { ...dm, userId: '6' };
      const ids = await storage.addEffects('g1', [dm, other]);
      const [elsewhere] = await storage.addEffects('g2', [dm]);
      await claim();
      for (const id of [...ids, elsewhere!]) {
        await storage.finishEffect(id, { status: 'waiting', outcome: 'absent', dueAt: null }, null);
      }
      clock.advance(40 * 24 * 3_600_000);
      expect(await claim()).toEqual([]);
      expect(await storage.deleteEffectsBefore(clock.now(), 10)).toBe(0);
      expect(await storage.requeueWaiting('g1', '5')).toBe(1);
      expect(await storage.requeueWaiting('g1', '5')).toBe(0);
      expect(await claim()).toMatchObject([
        { id: ids[0], createdAt: clock.now(), dueAt: clock.now(), claimedAt: null },
      ]);
    });

    test('roles that were given are remembered per guild and member until taken', async () => {
      const { storage } = await openWithGuilds();
      await storage.setRoleGranted('g1', '5', 'b', true);
      await storage.setRoleGranted('g1', '5', 'a', true);
      await storage.setRoleGranted('g1', '5', 'a', true);
      await storage.setRoleGranted('g1', '6', 'a', true);
      await storage.setRoleGranted('g2', '5', 'c', true);
      expect(await storage.grantedRoles('g1', '5')).toEqual(['a', 'b']);
      await storage.setRoleGranted('g1', '5', 'a', false);
      await storage.setRoleGranted('g1', '5', 'c', false);
      expect(await storage.grantedRoles('g1', '5')).toEqual(['b']);
      expect(await storage.grantedRoles('g1', '6')).toEqual(['a']);
      expect(await storage.grantedRoles('g2', '5')).toEqual(['c']);
    });

    test('the nightly run lists each member with a role or a license, their own or a shared one, once and in order', async () => {
      const { storage, clock } = await openStage();
      const { product } = await addPopulatedGuild(storage, 'g1');
      const other = await addPopulatedGuild(storage, 'g2');
      for (const [index, ownerId] of ['3', '1', '3'].entries()) {
        await addLicense(storage, 'g1', product.id, { key: `k${index}`, ownerId });
      }
      const gone = await addLicense(storage, 'g1', product.id, { key: 'gone', ownerId: '8' });
      await storage.changeLicense('g1', { id: gone.id }, (current) => ({
        next: { ...current, deletedAt: clock.now() },
        trail: noTrail,
        result: {},
      }));
      await addLicense(storage, 'g2', other.product.id, { key: 'k', ownerId: '9' });
      const shared = { ownerId: '3', helperIds: ['5', '1', '4'] };
      await addLicense(storage, 'g1', product.id, { key: 'shared', ...shared });
      await addLicense(storage, 'g2', other.product.id, { key: 'shared', helperIds: ['6'] });
      await storage.setRoleGranted('g1', '2', 'r', true);
      await storage.setRoleGranted('g1', '3', 'r', true);
      await storage.setRoleGranted('g1', '3', 's', true);
      await storage.setRoleGranted('g2', '7', 'r', true);
      expect(await storage.membersAfter('g1', null, 10)).toEqual(['1', '2', '3', '4', '5']);
      expect(await storage.membersAfter('g1', null, 2)).toEqual(['1', '2']);
      expect(await storage.membersAfter('g1', '2', 2)).toEqual(['3', '4']);
      expect(await storage.membersAfter('g1', '3', 2)).toEqual(['4', '5']);
      expect(await storage.membersAfter('g1', '5', 2)).toEqual([]);
      expect(await storage.membersAfter('g2', null, 10)).toEqual(['6', '7', '9']);
    });
  });
}
