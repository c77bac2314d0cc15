import { expect, test } from '@jest/globals';
import { changeLicense, holderOf, licensesOnMongo } from '../support/mongo-licenses.ts';
import { anOutboxEntry, auditEntry, changeAndDie } from '../support/mongo-outbox.ts';
import { dieAfter } from '../support/mongo-writer.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { newLicense, noTrail } from '../support/storage-fixtures.ts';
import { auditOf } from '../support/trails.ts';

const aheadMs = 200 * 86_400_000;

describeWithMongod('what a process left on MongoDB that died while its clock was ahead', () => {
  const open = licensesOnMongo();

  test('as outbox entries, others carry out', async () => {
    const { clock, storage, installation } = await open();
    const at = new Date(clock.now().getTime() + aheadMs);
    const entry = anOutboxEntry('r1', { at, audit: [auditEntry('guild.changed', 'guild')] });
    await changeAndDie(installation.connection.uri!, 'guilds', 'g1', {}, entry);
    await storage.expireLicenses(clock.now(), 10, () => noTrail);
    expect(await auditOf(storage, 'g1')).toEqual(['guild.changed guild']);
  });

  test.each([1, 2, 3, 4])('as reserved licenses after %i writes, others remove or complete', async (writes) => {
    const { clock, storage, product, license, openWatched } = await open();
    const wanted = ['one', 'two'].map((key) => newLicense(product.id, { key }));
    clock.advance(aheadMs);
    const dying = await openWatched(dieAfter(writes));
    await dying.createLicenses('g1', wanted, () => noTrail, null).catch(() => undefined);
    const rekeying = await openWatched(dieAfter(writes));
    await changeLicense(rekeying, license.id, {}, { newKey: 'three' }).catch(() => undefined);
    clock.advance(-aheadMs);
    await storage.claimEffects('roles', 1, 1_000);
    await storage.purgeDeleted(new Date(0), 10);
    for (const key of ['one', 'two', 'three']) {
      const isHeld = (await holderOf(storage, key)) !== null;
      const made = await storage.createLicenses('g1', [newLicense(product.id, { key })], () => noTrail, null);
      expect([key, 'licenses' in made]).toEqual([key, !isHeld]);
    }
  });
});
