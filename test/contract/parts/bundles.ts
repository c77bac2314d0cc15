import { describe, expect, test } from '@jest/globals';
import type { Storage } from '../../../src/storage/port/storage.ts';
import { grant, stateRule } from '../../support/check-rules.ts';
import { look } from '../../support/look.ts';
import { addPopulatedGuild, addProduct, aRequest, noTrail } from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

function block(storage: Storage, hwid: string, expiresAt: Date | null = null) {
  const entry = {
    type: 'hwid',
    value: hwid,
    match: hwid,
    key: null,
    reason: null,
    expiresAt,
    createdBy: 'cli',
  } as const;
  return storage.addBlacklistEntry('g1', entry, () => noTrail);
}

const isBlocked = (storage: Storage, hwid: string) =>
  look(storage, ({ blacklist }, now) => blacklist.find('hwid', hwid, now) !== null);

const setLimit = (storage: Storage, limit: number | null) =>
  storage.changeSettings('g1', (current) => ({
    next: { ...current, 'limits.ip': limit },
    trail: noTrail,
    result: {},
  }));

const limitSeen = (storage: Storage) => look(storage, ({ settings }) => settings['limits.ip']);

function suspend(storage: Storage, licenseId: number, isSuspended: boolean) {
  return storage.changeLicense('g1', { id: licenseId }, (current) => ({
    next: { ...current, holds: isSuspended ? [{ kind: 'staff', at: new Date(0), reason: null }] : [] },
    trail: noTrail,
    result: {},
  }));
}

/** `use` on the process that made the change, and on another one that had everything in memory before. */
function onBoth(openStage: OpenStage, name: string, use: (maker: Storage, checker: Storage) => Promise<void>): void {
  test.each([
    ['on the same process', false],
    ['on another process', true],
  ])(`${name}, %s`, async (_, isAnother) => {
    const { storage, installation } = await openStage();
    await addPopulatedGuild(storage);
    const checker = isAnother ? await installation.open() : storage;
    await limitSeen(checker);
    await use(storage, checker);
  });
}

export function describeBundles(openStage: OpenStage): void {
  describe('the next check knows', () => {
    onBoth(openStage, 'a changed setting', async (maker, checker) => {
      await setLimit(maker, 2);
      expect(await limitSeen(checker)).toBe(2);
      await setLimit(maker, null);
      expect(await limitSeen(checker)).toBeNull();
    });

    onBoth(openStage, 'a blacklist entry, its new end and its removal', async (maker, checker) => {
      const { entry } = await block(maker, 'bad');
      expect(await isBlocked(checker, 'bad')).toBe(true);
      await block(maker, 'bad', new Date(0));
      expect(await isBlocked(checker, 'bad')).toBe(false);
      await block(maker, 'bad');
      expect(await isBlocked(checker, 'bad')).toBe(true);
      await maker.removeBlacklistEntry('g1', entry.id, noTrail);
      expect(await isBlocked(checker, 'bad')).toBe(false);
    });

    onBoth(openStage, 'a new, a renamed and a deleted product', async (maker, checker) => {
      const product = await addProduct(maker, 'g1', { name: 'Second' });
      const names = () => look(checker, ({ products }) => products.all().map(({ name }) => name));
      expect(await names()).toEqual(['Second', 'Vault']);
      const change = (own: object) =>
        maker.changeProduct('g1', product.id, (current) => ({
          next: { ...current, ...own },
          trail: noTrail,
          result: {},
        }));

      await change({ name: 'Third', aliases: ['Second'] });
      expect(await names()).toEqual(['Third', 'Vault']);
      expect(await look(checker, ({ products }) => products.byName(' SECOND ')?.id)).toBe(product.id);
      await change({ deletedAt: new Date(0) });
      expect(await names()).toEqual(['Vault']);
      expect(await look(checker, ({ products }) => products.byId(product.id)?.deletedAt)).toEqual(new Date(0));
    });

    onBoth(openStage, 'a new and a revoked API key', async (maker, checker) => {
      const secret = 'second-secret';
      const ask = async () =>
        (await checker.decide(aRequest({ guildReference: { by: 'api-key', secret } }), (snapshot) => grant(snapshot)))
          .result;
      expect(await ask()).toBe('unknown-guild');
      const made = await maker.createApiKey(
        'g1',
        { name: 'second', scopes: ['auth'], secret, expiresAt: null, createdBy: 'cli' },
        () => noTrail,
      );
      expect(await ask()).toBe('granted');
      await maker.revokeApiKey('g1', 'apiKey' in made ? made.apiKey.id : 0, noTrail);
      expect(await ask()).toBe('unknown-guild');
    });

    onBoth(openStage, 'a suspended license, 50 times in a row', async (maker, checker) => {
      const license = (await maker.license('g1', { key: aRequest().key! }))!;
      for (let i = 0; i < 50; i += 1) {
        await suspend(maker, license.id, true);
        expect(await checker.decide(aRequest(), stateRule)).toMatchObject({ denial: 'suspended' });
        await suspend(maker, license.id, false);
        expect(await checker.decide(aRequest(), stateRule)).toMatchObject({ result: 'granted' });
      }
    });

    onBoth(openStage, 'a deleted guild', async (maker, checker) => {
      await maker.deleteGuild('g1');
      expect(await checker.decide(aRequest(), stateRule)).toEqual({
        result: 'unknown-guild',
        reason: 'api-key-unknown',
      });
    });

    test('all of it when it is more than 500 changes behind', async () => {
      const { storage, installation } = await openStage();
      await addPopulatedGuild(storage);
      const behind = await installation.open();
      const { entry: early } = await block(storage, 'early');
      expect(await isBlocked(behind, 'early')).toBe(true);

      await setLimit(storage, 3);
      await storage.removeBlacklistEntry('g1', early.id, noTrail);
      const hwids = Array.from({ length: 501 }, (_, index) => `bad-${index}`);
      await Promise.all(hwids.map((hwid) => block(storage, hwid)));

      const blocked = await look(behind, ({ settings, blacklist }, now) => ({
        limit: settings['limits.ip'],
        hwids: ['early', ...hwids].filter((hwid) => blacklist.find('hwid', hwid, now) !== null),
      }));
      expect(blocked).toEqual({ limit: 3, hwids });
    });

    test('nothing of a change that failed', async () => {
      const { storage } = await openStage();
      await addPopulatedGuild(storage);
      const failing = storage.changeSettings('g1', () => {
        throw new Error('an error in a change');
      });

      await expect(failing).rejects.toThrow('an error in a change');
      expect(await limitSeen(storage)).toBe(5);
    });
  });

  describe('a change that begins while a check is decided', () => {
    test('comes before or after the whole check, and is known to the next', async () => {
      const { storage, installation } = await openStage();
      const { license } = await addPopulatedGuild(storage);
      const other = await installation.open();
      const suspensions: Promise<unknown>[] = [];

      const outcome = await storage.decide(aRequest(), (snapshot) => {
        suspensions.push(suspend(other, license.id, true));
        return stateRule(snapshot);
      });
      await Promise.all(suspensions);

      expect(['granted', 'denied']).toContain(outcome.result);
      expect(await storage.decide(aRequest(), stateRule)).toMatchObject({ denial: 'suspended' });
      const attempts = await storage.attempts('g1', {}, { limit: 10, beforeId: null });
      expect(attempts.map(({ result }) => result)).toEqual([
        'suspended',
        outcome.result === 'denied' ? outcome.denial : 'granted',
      ]);
    });
  });
}
