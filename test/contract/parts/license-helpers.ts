import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { commandLine } from '../../../src/domain/actor.ts';
import type { License } from '../../../src/domain/license.ts';
import type { Helper } from '../../../src/domain/snapshot.ts';
import { createShareLicense } from '../../../src/services/licenses/share-license.ts';
import { grantRule } from '../../support/check-rules.ts';
import {
  addLicense,
  addPopulatedGuild,
  addProduct,
  aRequest,
  newGuild,
  noTrail,
} from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

const uuid = '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';

export function describeLicenseHelpers(openStage: OpenStage): void {
  describe('helpers of licenses', () => {
    async function openWithShared() {
      const stage = await openStage();
      const { storage } = stage;
      const { product } = await addPopulatedGuild(storage);
      const shared = await addLicense(storage, 'g1', product.id, {
        key: 'SHARED',
        ownerId: '5',
        helperIds: ['7', '8'],
      });
      const change = (id: number, own: Partial<License>, newKey?: string) =>
        storage.changeLicense('g1', { id }, (current) => ({
          next: { ...current, ...own },
          trail: noTrail,
          result: {},
          ...(newKey !== undefined && { newKey }),
        }));
      const helped = async (userId: string) => (await storage.licensesHelpedBy(userId)).map(({ id }) => id);
      return { ...stage, product, shared, change, helped };
    }

    test('each finds the licenses that are shared with them in any guild, newest first', async () => {
      const { storage, shared, helped } = await openWithShared();
      await storage.addGuild(newGuild('g2'), noTrail);
      const foreign = await addProduct(storage, 'g2');
      const other = await addLicense(storage, 'g2', foreign.id, { ownerId: '7', helperIds: ['8'] });
      expect([await helped('7'), await helped('8'), await helped('5')]).toEqual([
        [shared.id],
        [other.id, shared.id],
        [],
      ]);
      expect(await storage.licensesHelpedBy('8')).toEqual([other, shared]);
      await storage.deleteGuild('g2');
      expect(await helped('8')).toEqual([shared.id]);
    });

    test('those are the helpers as the license has them after each change, also with a new key', async () => {
      const { shared, change, helped } = await openWithShared();
      await change(shared.id, { helperIds: ['8', '9'] });
      expect([await helped('7'), await helped('8'), await helped('9')]).toEqual([[], [shared.id], [shared.id]]);
      await change(shared.id, { helperIds: ['7'] }, 'RENAMED');
      expect([await helped('7'), await helped('8'), await helped('9')]).toEqual([[shared.id], [], []]);
      await change(shared.id, { name: 'a name' });
      expect(await helped('7')).toEqual([shared.id]);
      await change(shared.id, { helperIds: [] });
      expect(await helped('7')).toEqual([]);
    });

    test('a deleted license, or one of a deleted product, is not found until it is restored, and never once purged', async () => {
      const { storage, clock, product, shared, change, helped } = await openWithShared();
      const changeProduct = (deletedAt: Date | null) =>
        storage.changeProduct('g1', product.id, (current) => ({
          next: { ...current, deletedAt },
          trail: noTrail,
          result: {},
        }));
      await changeProduct(clock.now());
      expect(await helped('7')).toEqual([]);
      await changeProduct(null);
      expect(await helped('7')).toEqual([shared.id]);
      await change(shared.id, { deletedAt: clock.now() });
      expect(await helped('7')).toEqual([]);
      clock.advance(1_000);
      await storage.purgeDeleted(clock.now(), 10);
      expect([await helped('7'), await storage.license('g1', { id: shared.id })]).toEqual([[], null]);
    });

    test('of 20 whom a license is shared with at once over two processes, a limit of 3 lets in three', async () => {
      const { storage, installation, product, clock } = await openWithShared();
      const own = { key: 'RACED', ownerId: '5' };
      const { id: licenseId } = await addLicense(storage, 'g1', product.id, own);
      const processes = [storage, await installation.open()].map((process) =>
        createShareLicense({ storage: process, clock: clock.now, randomBytes, publicUrl: () => '' }),
      );
      const userIds = Array.from({ length: 20 }, (_, index) => String(100_000_000_000_000_000n + BigInt(index)));
      const by = { guildId: 'g1', actor: commandLine, licenseId };
      const answers = await Promise.all(
        userIds.map((helperId, index) => processes[index % 2]!.share({ ...by, helperId })),
      );
      const codes = answers.map((answer) => (answer.ok ? 'shared' : answer.error.code));
      expect(codes.toSorted()).toEqual([
        ...Array.from({ length: 17 }, () => 'helpers-full'),
        ...Array.from({ length: 3 }, () => 'shared'),
      ]);
      const { helperIds } = (await storage.license('g1', { id: licenseId }))!;
      expect(helperIds.toSorted()).toEqual(userIds.filter((_, index) => codes[index] === 'shared'));
      for (const userId of userIds)
        expect(await storage.licensesHelpedBy(userId)).toHaveLength(helperIds.includes(userId) ? 1 : 0);
    });

    test('more of them than are read at a time are all found', async () => {
      const { storage, product, shared, helped } = await openWithShared();
      const many = Array.from({ length: 600 }, (_, index) => `MANY-${index}`);
      const ids = [shared.id];
      for (const key of many) ids.push((await addLicense(storage, 'g1', product.id, { key, helperIds: ['7'] })).id);
      expect(await helped('7')).toEqual(ids.reverse());
    });

    test('a check knows the name and UUID of each, as they are at that moment', async () => {
      const { storage, shared, change } = await openWithShared();
      async function checked(): Promise<readonly Helper[]> {
        let found: readonly Helper[] = [];
        await storage.decide(aRequest({ key: 'SHARED' }), (snapshot) => {
          found = snapshot.helpers();
          return grantRule(snapshot);
        });
        return found;
      }
      const derived = async (userId: string) => ({ user: null, customerId: await storage.customerId('g1', userId) });
      expect(await checked()).toEqual([await derived('7'), await derived('8')]);
      const eve = { id: '8', username: 'eve', discriminator: '0' };
      await storage.rememberUser(eve);
      await storage.setCustomerId('g1', '8', uuid, noTrail);
      expect(await checked()).toEqual([await derived('7'), { user: eve, customerId: uuid }]);
      await change(shared.id, { helperIds: ['8'] });
      expect(await checked()).toEqual([{ user: eve, customerId: uuid }]);
      await change(shared.id, { helperIds: [] });
      expect(await checked()).toEqual([]);
    });
  });
}
