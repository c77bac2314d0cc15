import { afterEach, expect, test } from '@jest/globals';
import { mongoEngine } from '../support/mongo-engine.ts';
import { anOutboxEntry, auditEntry, changeAndDie } from '../support/mongo-outbox.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { addLicense, addPopulatedGuild, checkedCustomerId, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';
import { auditOf } from '../support/trails.ts';

const first = '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';
const second = '9f2e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';

describeWithMongod('customers on MongoDB', () => {
  const removals: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const remove of removals.splice(0)) await remove();
  });

  async function openWithOwner() {
    const clock = createTestClock();
    const installation = await mongoEngine.install(clock.now);
    removals.push(() => installation.remove());
    const storage = await installation.open();
    const { product } = await addPopulatedGuild(storage);
    await addLicense(storage, 'g1', product.id, { key: 'OWNED', ownerId: '7' });
    const checked = (key = 'OWNED') => checkedCustomerId(storage, key);
    return { clock, installation, storage, product, checked, uri: installation.connection.uri! };
  }

  test('a UUID whose process died before it was copied into the licenses is copied all the same', async () => {
    const { clock, installation, storage, checked, uri } = await openWithOwner();
    await storage.setCustomerId('g1', '7', first, noTrail);
    const { id } = await storage.ensureCustomer('g1', '7');
    const outboxEntry = anOutboxEntry('r1', {
      at: clock.now(),
      customer: id,
      audit: [auditEntry('customer.changed', 'user:7')],
    });
    await changeAndDie(uri, 'customers', id, { uuid: second }, outboxEntry);
    expect(await checked()).toBe(first);
    clock.advance(10_001);
    await installation.open();
    expect(await checked()).toBe(second);
    expect(await auditOf(storage, 'g1')).toEqual(['customer.changed user:7']);
  });

  test('UUIDs that race with licenses that are created, transferred and rekeyed reach all of them', async () => {
    const { storage, product, checked } = await openWithOwner();
    const other = await addLicense(storage, 'g1', product.id, { key: 'OTHER', ownerId: '8' });
    const change = (own: object, newKey?: string) =>
      storage.changeLicense('g1', { id: other.id }, (current) => ({
        next: { ...current, ...own },
        trail: noTrail,
        result: {},
        ...(newKey !== undefined && { newKey }),
      }));
    const uuids = Array.from({ length: 8 }, (_, index) => first.replace(/^./, String(index)));
    await Promise.all([
      ...uuids.map((uuid) => storage.setCustomerId('g1', '7', uuid, noTrail)),
      addLicense(storage, 'g1', product.id, { key: 'MADE', ownerId: '7' }),
      change({ ownerId: '7' }).then(() => change({}, 'RENAMED')),
    ]);
    const customerId = await storage.customerId('g1', '7');
    expect(uuids).toContain(customerId);
    for (const key of ['OWNED', 'MADE', 'RENAMED']) {
      expect(await checked(key)).toBe(customerId);
    }
  });
});
