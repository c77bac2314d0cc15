import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { useSqlite } from '../support/open-sqlite.ts';
import { addLicense, addPopulatedGuild, addProduct, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = useTemporaryFolders();
const open = useSqlite();

/** The rows of `license_products` in the store in `dir`. */
function rowsIn(dir: string): readonly (readonly [guild: unknown, product: unknown, license: unknown])[] {
  const database = new DatabaseSync(join(dir, 'latchkey.db'));
  try {
    const rows = database.prepare('SELECT * FROM license_products').all();
    return rows.map((row) => [row.guild_id, row.product_id, row.license_id]);
  } finally {
    database.close();
  }
}

test('a license takes its rows with it, however it is removed', async () => {
  const dir = temporaryFolder();
  const clock = createTestClock();
  const storage = open(dir, { clock: clock.now });
  const { product } = await addPopulatedGuild(storage, 'g1');
  const panel = await addProduct(storage, 'g1', { name: 'Panel' });
  const further = { furtherProductIds: [panel.id], allProducts: true };
  const purged = await addLicense(storage, 'g1', product.id, { key: 'a', ...further });
  const kept = await addLicense(storage, 'g1', product.id, { key: 'b', ...further });
  expect(rowsIn(dir)).toEqual([
    ['g1', 0, purged.id],
    ['g1', 0, kept.id],
    ['g1', panel.id, purged.id],
    ['g1', panel.id, kept.id],
  ]);
  await storage.changeLicense('g1', { id: purged.id }, (current) => {
    return { next: { ...current, deletedAt: clock.now() }, trail: noTrail, result: {} };
  });
  clock.advance(1);
  await storage.purgeDeleted(clock.now(), 100);
  expect(rowsIn(dir)).toEqual([
    ['g1', 0, kept.id],
    ['g1', panel.id, kept.id],
  ]);
  await storage.deleteGuild('g1');
  expect(rowsIn(dir)).toEqual([]);
});
