import { describe, expect, test } from '@jest/globals';
import type { Licenses } from '../../src/storage/port/licenses.ts';
import { grant } from '../support/grants.ts';
import { changeLicense, holderOf, licensesOnMongo } from '../support/mongo-licenses.ts';
import { before, dieAfter } from '../support/mongo-writer.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { addLicense, newLicense, noTrail } from '../support/storage-fixtures.ts';
import { aTrail, countTrails } from '../support/trails.ts';

const oldKey = newLicense(1).key;
const newKey = 'FFFFF-GGGGG-HHHHH-JJJJJ-KKKKK';
const everything = { limit: 1_000, beforeId: null };
/** More writes than any of these changes makes. */
const manyWrites = 30;

const die = () => Promise.reject(new Error('dead'));

describeWithMongod('licenses on MongoDB, where processes die', () => {
  const openLicenses = licensesOnMongo();

  async function openWithLicense() {
    const opened = await openLicenses();
    const { clock, installation, storage, openWatched } = opened;

    /**
     * What other processes do after one has died: at once, and after the times when its leftovers count as abandoned.
     */
    async function recover(): Promise<void> {
      clock.advance(10_001);
      await (await installation.open()).close();
      clock.advance(600_001);
      await storage.purgeDeleted(new Date(0), 10);
    }

    /** Lets one process after the other try the change, each of which dies one write later, until one finishes it. */
    async function dieEverywhere(
      act: (licenses: Licenses) => Promise<unknown>,
      examine: (isDone: boolean) => Promise<void>,
    ): Promise<void> {
      for (let count = 0; count < manyWrites; count += 1) {
        const outcome = await act(await openWatched(dieAfter(count))).then(
          () => 'done',
          (error: unknown) => String(error),
        );
        expect(['done', 'Error: dead']).toContain(outcome);
        await examine(outcome === 'done');
        if (outcome === 'done') return;
      }
      throw new Error('It was never done.');
    }
    return { ...opened, recover, dieEverywhere };
  }

  describe('a process that dies', () => {
    test('while it changes a license leaves the whole of the change behind, or nothing', async () => {
      const { storage, license, recover, dieEverywhere, clock } = await openWithLicense();
      const hwid = { kind: 'hwid', value: 'PC' } as const;
      let changed = 0;
      let attempts = 0;
      await dieEverywhere(
        (licenses) => {
          attempts += 1;
          const forget = [
            { kind: 'hwid', value: null },
            { kind: 'mac', value: null },
          ] as const;
          return changeLicense(licenses, license.id, { note: `${attempts}` }, { trail: aTrail(), release: forget });
        },
        async () => {
          await recover();
          const isChanged = (await storage.license('g1', { id: license.id }))?.note === String(attempts);
          if (isChanged) changed += 1;
          expect(await countTrails(storage)).toEqual({ audit: changed, effects: changed });
          const { counts } = await storage.bindings('g1', license.id, 10);
          const left = isChanged || attempts === 1 ? 0 : 1;
          expect(counts).toEqual({ ip: 0, hwid: left, mac: left });
          clock.advance(60_001);
          await grant(
            storage,
            {},
            { take: [{ ...hwid, forgetBefore: null }], observed: [{ kind: 'mac', value: 'aa' }] },
          );
        },
      );
      expect([attempts > 4, changed > 2, changed < attempts]).toEqual([true, true, true]);
    });

    test('while it creates licenses leaves all of them behind, or none and their keys free', async () => {
      const { storage, product, recover, dieEverywhere } = await openWithLicense();
      let made = 0;
      let attempts = 0;
      const keys = ['one', 'two', 'three'];
      const keysNow = () => keys.map((key) => `${key} ${attempts}`);
      const wanted = () => keysNow().map((key) => newLicense(product.id, { key, ownerId: '5' }));
      await dieEverywhere(
        (licenses) => {
          attempts += 1;
          return licenses.createLicenses('g1', wanted(), () => aTrail(), null, `claim ${attempts}`);
        },
        async (isDone) => {
          await recover();
          const found = await Promise.all(keysNow().map((key) => holderOf(storage, key)));
          const isMade = found[0] !== null;
          expect(found.map((id) => id !== null)).toEqual([isMade, isMade, isMade]);
          if (isDone) expect(isMade).toBe(true);
          if (isMade) made += 1;
          expect(await countTrails(storage)).toEqual({ audit: made, effects: made });
          expect(await storage.licensesOf('5')).toHaveLength(3 * (isMade ? 1 : 0));
          const others = keysNow().map((key) => newLicense(product.id, { key: `other ${key}`, ownerId: '5' }));
          const again = await storage.createLicenses('g1', others, () => noTrail, null, `claim ${attempts}`);
          expect(again).toHaveProperty(isMade ? 'claimed' : 'licenses');
          for (const { id } of await storage.licensesOf('5')) await changeLicense(storage, id, { ownerId: null });
        },
      );
      expect([made > 2, made < attempts]).toEqual([true, true]);
    });

    test('while it gives a license a new key leaves one of the two keys, the other free, and never no license', async () => {
      const { storage, product, recover, dieEverywhere } = await openWithLicense();
      let id = 0;
      let moved = 0;
      let attempts = 0;
      await dieEverywhere(
        async (licenses) => {
          attempts += 1;
          const mine = { key: `old ${attempts}`, ownerId: `${attempts}` };
          ({ id } = await addLicense(storage, 'g1', product.id, mine));
          return changeLicense(licenses, id, { note: 'moved' }, { newKey: `new ${attempts}`, trail: aTrail() });
        },
        async (isDone) => {
          const keys = [`old ${attempts}`, `new ${attempts}`];
          const note = (await storage.license('g1', { id }))?.note ?? null;
          const key = keys[note === 'moved' ? 1 : 0]!;
          expect((await storage.licensesOf(`${attempts}`)).map((one) => one.note)).toEqual([note]);
          expect(await storage.licenseKey('g1', id)).toBe(key);
          expect((await storage.license('g1', { id }))?.keySuffix).toBe(key.at(-1));

          await recover();
          if (isDone) expect(note).toBe('moved');
          if (note === 'moved') moved += 1;
          expect(await storage.license('g1', { key })).toMatchObject({ id, note });
          expect(await storage.licenses('g1', { ownerId: `${attempts}` }, everything)).toHaveLength(1);
          expect(await countTrails(storage)).toEqual({ audit: moved, effects: moved });
          await addLicense(storage, 'g1', product.id, { key: keys.find((other) => other !== key)! });
        },
      );
      expect([moved > 2, moved < attempts]).toEqual([true, true]);
    });

    test('blocks no other process: one that wants the old key for another license finishes the change', async () => {
      const { storage, license, product, openWatched } = await openWithLicense();
      const dieOnTheWayTo = async (key: string) => {
        const dying = await openWatched(before('audit.insertMany', die));
        const move = changeLicense(dying, license.id, {}, { newKey: key, trail: aTrail() });
        await expect(move).rejects.toThrow('dead');
      };
      await dieOnTheWayTo(newKey);
      const other = await addLicense(storage, 'g1', product.id, { key: oldKey });
      await dieOnTheWayTo('third');
      expect(await changeLicense(storage, other.id, {}, { newKey })).toHaveProperty('effectIds');
      const holders = await Promise.all([oldKey, newKey, 'third'].map((key) => holderOf(storage, key)));
      expect(holders).toEqual([null, other.id, license.id]);
      expect(await countTrails(storage)).toEqual({ audit: 2, effects: 2 });
    });

    test('blocks no other process: one that changes the license next finishes the change', async () => {
      const { storage, license, openWatched } = await openWithLicense();
      // The second write would publish the license under its new key.
      const dying = await openWatched(before('licenses.updateOne', die, 2));
      await expect(changeLicense(dying, license.id, { name: 'n' }, { newKey, trail: aTrail() })).rejects.toThrow(
        'dead',
      );
      expect([await holderOf(storage, oldKey), await holderOf(storage, newKey)]).toEqual([null, null]);
      await changeLicense(storage, license.id, { note: 'after' });
      expect(await storage.license('g1', { key: newKey })).toMatchObject({ id: license.id, name: 'n', note: 'after' });
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('twice, while the license moves from key to key, leaves it under the last one', async () => {
      const { storage, license, openWatched, recover } = await openWithLicense();
      const first = await openWatched(before('audit.insertMany', die));
      await expect(changeLicense(first, license.id, {}, { newKey, trail: aTrail() })).rejects.toThrow('dead');
      const second = await openWatched(before('licenses.updateOne', die, 2));
      await expect(changeLicense(second, license.id, {}, { newKey: 'third', trail: aTrail() })).rejects.toThrow('dead');
      await recover();
      const found = await Promise.all([oldKey, newKey, 'third'].map((key) => holderOf(storage, key)));
      expect(found).toEqual([null, null, license.id]);
      expect(await storage.countLicensesBy('g1', {})).toBe(1);
      expect(await countTrails(storage)).toEqual({ audit: 2, effects: 2 });
    });
  });

  describe('a process that was taken for dead', () => {
    test('creates its licenses once, although they were withdrawn before it could publish them', async () => {
      const { clock, storage, product, openWatched } = await openWithLicense();
      const slow = await openWatched(
        before('batches.insertOne', () => {
          clock.advance(600_001);
          return storage.purgeDeleted(new Date(0), 10);
        }),
      );
      const wanted = ['one', 'two'].map((key) => newLicense(product.id, { key }));
      const made = await slow.createLicenses('g1', wanted, () => aTrail(), null);
      expect(made).toMatchObject({ licenses: { length: 2 } });
      expect(await storage.countLicensesBy('g1', {})).toBe(3);
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('gives a license its new key, although the reservation was dropped before', async () => {
      const { clock, storage, license, openWatched } = await openWithLicense();
      const slow = await openWatched(
        before('licenses.updateOne', () => {
          clock.advance(600_001);
          return storage.purgeDeleted(new Date(0), 10);
        }),
      );
      await changeLicense(slow, license.id, { note: 'moved' }, { newKey, trail: aTrail() });
      expect(await storage.license('g1', { key: newKey })).toMatchObject({ id: license.id, note: 'moved' });
      expect(await storage.countLicensesBy('g1', {})).toBe(1);
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('does not undo what others did with the new key before it published it', async () => {
      const { storage, license, openWatched } = await openWithLicense();
      const moveOn = () => changeLicense(storage, license.id, { note: 'after' }, { newKey: 'third' });
      // The second write publishes the license under its new key.
      const slow = await openWatched(before('licenses.updateOne', moveOn, 2));
      await changeLicense(slow, license.id, { note: 'before' }, { newKey, trail: aTrail() });
      expect(await storage.license('g1', { id: license.id })).toMatchObject({ note: 'after', keySuffix: 'd' });
      expect(await storage.licenseKey('g1', license.id)).toBe('third');
      expect([await holderOf(storage, oldKey), await holderOf(storage, newKey)]).toEqual([null, null]);
      expect(await storage.countLicensesBy('g1', {})).toBe(1);
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('does not publish a copy that another process was moving to the next key when it died', async () => {
      const { storage, license, openWatched, recover } = await openWithLicense();
      // Publishes the first copy itself, moves the license to the next key, and dies before it publishes that copy.
      const dying = await openWatched(before('licenses.updateOne', die, 3));
      const moveOn = () =>
        expect(changeLicense(dying, license.id, { note: 'after' }, { newKey: 'third' })).rejects.toThrow('dead');
      const slow = await openWatched(before('licenses.updateOne', moveOn, 2));
      await changeLicense(slow, license.id, { note: 'before' }, { newKey });
      expect([await holderOf(storage, oldKey), await holderOf(storage, newKey)]).toEqual([null, null]);
      await recover();
      expect(await storage.license('g1', { key: 'third' })).toMatchObject({ id: license.id, note: 'after' });
      expect(await storage.countLicensesBy('g1', {})).toBe(1);
    });
  });
});
