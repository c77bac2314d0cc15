import { describe, expect, test } from '@jest/globals';
import type { Licenses } from '../../src/storage/port/licenses.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { grant } from '../support/grants.ts';
import { boundTo } from '../support/reach.ts';
import { changeLicense, holderOf, licensesOnMongo } from '../support/mongo-licenses.ts';
import { before } from '../support/mongo-writer.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { addLicense, aRequest, newLicense, noTrail } from '../support/storage-fixtures.ts';
import { aTrail, countTrails } from '../support/trails.ts';

const oldKey = newLicense(1).key;
const newKey = 'FFFFF-GGGGG-HHHHH-JJJJJ-KKKKK';
const everything = { limit: 1_000, beforeId: null };

describeWithMongod('licenses on MongoDB', () => {
  const openWithLicense = licensesOnMongo();

  describe('changes that race', () => {
    test('a suspension in between is not undone by a new key', async () => {
      const { clock, storage, license, openWatched } = await openWithLicense();
      const holds = [{ kind: 'staff', at: clock.now(), reason: null }] as const;
      const racing = await openWatched(
        before('licenses.updateOne', () => changeLicense(storage, license.id, { holds }, { trail: aTrail() })),
      );
      await changeLicense(racing, license.id, { note: 'n' }, { newKey, trail: aTrail() });
      expect(await storage.license('g1', { key: newKey })).toMatchObject({ note: 'n', holds });
      expect(await storage.countLicensesBy('g1', {})).toBe(1);
      expect(await countTrails(storage)).toEqual({ audit: 2, effects: 2 });
    });

    test('an end that is notified while the license gets a new key is notified once', async () => {
      const { clock, storage, license, openWatched } = await openWithLicense();
      const expire = () => storage.expireLicenses(clock.now(), 10, () => aTrail());
      await changeLicense(storage, license.id, { expiry: { type: 'date' }, expiresAt: clock.now() });
      const racing = await openWatched(before('licenses.updateOne', expire));
      await changeLicense(racing, license.id, {}, { newKey });
      expect(await expire()).toBe(0);
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('two processes that give ten licenses one new key give it to one of them', async () => {
      const { storage, product, openWatched } = await openWithLicense();
      const other = await openWatched(() => undefined);
      const ids: number[] = [];
      for (let i = 0; i < 10; i += 1) ids.push((await addLicense(storage, 'g1', product.id, { key: `key ${i}` })).id);
      const answers = await Promise.all(
        ids.map((id, i) => changeLicense(i % 2 ? storage : other, id, {}, { newKey, trail: aTrail() })),
      );
      expect(answers.filter((answer) => answer && 'taken' in answer)).toHaveLength(9);
      const winner = ids[answers.findIndex((answer) => answer && 'effectIds' in answer)];
      expect(await holderOf(storage, newKey)).toBe(winner);
      expect(await storage.countLicensesBy('g1', {})).toBe(11);
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('of ten new keys that two processes give to one license at once the last one stays', async () => {
      const { storage, license, openWatched } = await openWithLicense();
      const other = await openWatched(() => undefined);
      const keys = Array.from({ length: 10 }, (_, i) => `key ${i}`);
      await Promise.all(
        keys.map((key, i) => changeLicense(i % 2 ? storage : other, license.id, {}, { newKey: key, trail: aTrail() })),
      );
      const found = await Promise.all([oldKey, ...keys].map((key) => holderOf(storage, key)));
      expect(found.filter((id) => id !== null)).toEqual([license.id]);
      expect(await storage.countLicensesBy('g1', {})).toBe(1);
      expect(await countTrails(storage)).toEqual({ audit: 10, effects: 10 });
    });

    test('of batches that share keys one is created, whatever the order of their keys', async () => {
      const { storage, product, openWatched } = await openWithLicense();
      const other = await openWatched(() => undefined);
      const keys = ['a', 'b', 'c', 'd'];
      const make = (licenses: Licenses, i: number) => {
        const order = i % 2 ? keys : keys.toReversed();
        const wanted = [
          ...order.map((key) => newLicense(product.id, { key })),
          newLicense(product.id, { key: `${i}` }),
        ];
        return licenses.createLicenses('g1', wanted, () => aTrail(), null);
      };
      const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => make(i % 3 ? storage : other, i)));
      expect(answers.filter((answer) => 'licenses' in answer)).toHaveLength(1);
      const holders = answers.flatMap((answer) => ('taken' in answer ? [answer.taken.index] : []));
      expect(holders).toEqual(Array.from({ length: 9 }, () => 0));
      expect(await storage.countLicensesBy('g1', {})).toBe(6);
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('a daily limit holds for two processes that create licenses at once', async () => {
      const { clock, storage, product, openWatched } = await openWithLicense();
      const other = await openWatched(() => undefined);
      const daily = { actor: { type: 'user', id: '5' }, since: clock.now(), max: 7 } as const;
      const make = (licenses: Licenses, i: number) => {
        const wanted = ['a', 'b'].map((key) => newLicense(product.id, { key: `${key} ${i}`, createdBy: 'user:5' }));
        return licenses.createLicenses('g1', wanted, () => noTrail, daily);
      };
      const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => make(i % 2 ? storage : other, i)));
      expect(answers.filter((answer) => 'licenses' in answer)).toHaveLength(3);
      expect(answers.filter((answer) => 'dailyLimit' in answer)).toHaveLength(7);
      expect(await storage.countLicensesBy('g1', {})).toBe(7);
    });
  });

  describe('what is known of an owner', () => {
    const ownerInCheck = async (storage: Storage) => {
      const owners: unknown[] = [];
      await storage
        .decide(aRequest(), ({ owner }) => {
          owners.push(owner());
          throw new Error('stop here');
        })
        .catch(() => undefined);
      return owners[0];
    };
    const user = { id: '5', username: 'one', discriminator: '0' };
    const renamed = { ...user, username: 'two' };

    test('comes with the license, and changes with its owner and with the owner’s name', async () => {
      const { storage, license } = await openWithLicense();
      await storage.rememberUser(user);
      expect(await ownerInCheck(storage)).toBeNull();
      await changeLicense(storage, license.id, { ownerId: '5' });
      expect(await ownerInCheck(storage)).toEqual(user);
      await storage.rememberUser(renamed);
      expect(await ownerInCheck(storage)).toEqual(renamed);
      await changeLicense(storage, license.id, { note: 'n' }, { newKey: 'other' });
      await changeLicense(storage, license.id, {}, { newKey: oldKey });
      expect(await ownerInCheck(storage)).toEqual(renamed);
      await changeLicense(storage, license.id, { ownerId: '6' });
      expect(await ownerInCheck(storage)).toBeNull();
      await changeLicense(storage, license.id, { ownerId: null });
      expect(await ownerInCheck(storage)).toBeNull();
    });

    test.each(['licenses.updateOne', 'licenses.insertOne'])(
      'is right although the owner was renamed before %s',
      async (name) => {
        const { storage, license, openWatched } = await openWithLicense();
        await storage.rememberUser(user);
        await changeLicense(storage, license.id, {}, { newKey: 'other' });
        const racing = await openWatched(before(name, () => storage.rememberUser(renamed)));
        await changeLicense(racing, license.id, { ownerId: '5' }, { newKey: oldKey });
        expect(await ownerInCheck(storage)).toEqual(renamed);
      },
    );

    test('is right in new licenses although the owner was renamed while they were created', async () => {
      const { storage, license, product, openWatched } = await openWithLicense();
      await storage.rememberUser(user);
      await changeLicense(storage, license.id, {}, { newKey: 'other' });
      const racing = await openWatched(before('licenses.insertMany', () => storage.rememberUser(renamed)));
      const wanted = newLicense(product.id, { ownerId: '5' });
      expect(await racing.createLicenses('g1', [wanted], () => noTrail, null)).toHaveProperty('licenses');
      expect(await ownerInCheck(storage)).toEqual(renamed);
    });
  });

  test.each(['$b', '$$ROOT', '$ne', 'a.b', '{"$ne":null}', '__proto__', '.*', 'ä\0b'])(
    'a key, name, note, order, owner or HWID is text and nothing else: %j',
    async (text) => {
      const { storage, product } = await openWithLicense();
      const own = { key: text, name: text, note: text, order: text, ownerId: text };
      const license = await addLicense(storage, 'g1', product.id, own);
      const { key: _, ...visible } = own;
      expect(license).toMatchObject(visible);
      await grant(storage, { key: text }, { take: [{ kind: 'hwid', value: text, forgetBefore: null }] });
      await grant(storage, { key: text }, { observed: [{ kind: 'mac', value: text }] });

      expect(await storage.license('g1', { key: text })).toEqual(license);
      expect(await storage.licensesByFoldedKey(null, text)).toEqual([license]);
      expect(await storage.licensesOf(text)).toEqual([license]);
      const queries = [
        { order: text },
        { ownerId: text },
        { text },
        { binding: { kind: 'hwid', value: text } },
        { binding: { kind: 'mac', value: text } },
      ] as const;
      for (const query of queries) expect(await storage.licenses('g1', query, everything)).toEqual([license]);
      const isThis = (value: string) => value === text;
      expect(await boundTo(storage, 'g1', 'hwid', isThis)).toEqual({ licenses: 1, owners: 1 });
      await changeLicense(storage, license.id, {}, { newKey: `${text} 2`, release: [{ kind: 'hwid', value: text }] });
      expect(await storage.licenseKey('g1', license.id)).toBe(`${text} 2`);
      expect(await boundTo(storage, 'g1', 'hwid', isThis)).toEqual({ licenses: 0, owners: 0 });
      expect(await storage.countLicensesBy('g1', {})).toBe(2);
    },
  );
});
