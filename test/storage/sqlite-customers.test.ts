import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newCustomer } from '../contract/parts/customer-records.ts';
import { useSqlite } from '../support/open-sqlite.ts';
import { addLicense, addPopulatedGuild, noTrail } from '../support/storage-fixtures.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = useTemporaryFolders();
const open = useSqlite();

test('licenses that a process had not moved yet when it died follow their customer when the store is opened', async () => {
  const dir = temporaryFolder();
  const storage = open(dir);
  const { product } = await addPopulatedGuild(storage);
  const made = await storage.createCustomer('g1', newCustomer(), () => noTrail);
  const from = 'customer' in made ? made.customer.id : 0;
  const into = await storage.ensureCustomer('g1', '7');
  const license = await addLicense(storage, 'g1', product.id, { key: 'BOUGHT', customerId: from });
  await storage.mergeCustomers('g1', { from, into: into.id }, () => noTrail);
  await storage.close();
  const database = new DatabaseSync(join(dir, 'latchkey.db'));
  database.exec(`
    UPDATE licenses SET customer_id = ${from}, owner_id = NULL WHERE id = ${license.id};
    UPDATE customers SET moved_licenses = NULL, unsettled = 1 WHERE id = ${from};
  `);
  database.close();

  const reopened = open(dir);

  await reopened.ping();
  await reopened.mergeCustomers('g1', { from: 0, into: 0 }, () => noTrail);
  expect(await reopened.license('g1', { id: license.id })).toMatchObject({ customerId: into.id, ownerId: '7' });
  await reopened.unmergeCustomer('g1', from, () => noTrail);
  expect(await reopened.license('g1', { id: license.id })).toMatchObject({ customerId: from, ownerId: null });
});
