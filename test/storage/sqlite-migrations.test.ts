import { expect, test } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { signingSystems } from '../../src/domain/guild.ts';
import { migrate } from '../../src/storage/sqlite/database/migrate.ts';
import { migrations } from '../../src/storage/sqlite/database/migrations.ts';
import type { License } from '../../src/domain/license.ts';
import type { LicenseQuery } from '../../src/storage/port/licenses.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { createVault } from '../../src/storage/vault.ts';
import { testMasterKey, useSqlite } from '../support/open-sqlite.ts';
import {
  addLicense,
  addPopulatedGuild,
  newProduct,
  noTrail,
  releasesBefore,
  uuidPattern,
} from '../support/storage-fixtures.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const page = { limit: 10, beforeId: null };
const hour = 3_600_000;
const day = 24 * hour;
const temporaryFolder = useTemporaryFolders();
const open = useSqlite();

/** Columns that the first version had and no later one has, with what they held. */
const gone: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  licenses: { key_anywhere: "x'00'" },
  customers: { user_id: 'discord_id' },
};

/** A store as the first version wrote it, with what `fill` stores. */
async function storeOfFirstVersion(fill: (storage: Storage) => Promise<void>, change = ''): Promise<string> {
  const [current, dir] = [temporaryFolder(), temporaryFolder()];
  const storage = open(current);
  await fill(storage);
  await storage.close();
  open(dir)
    .close()
    .catch(() => undefined);
  const file = join(dir, 'latchkey.db');
  rmSync(file);
  const database = new DatabaseSync(file);
  migrate(database, createVault(testMasterKey), () => undefined, migrations.slice(0, 1));
  database.prepare('ATTACH ? AS current').run(join(current, 'latchkey.db'));
  const columnsOf = (schema: string, table: string) =>
    database
      .prepare(`SELECT name FROM pragma_table_info(?, ?)`)
      .all(table, schema)
      .map(({ name }) => name as string);
  const tables = database.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table'").all();
  for (const name of tables.map((table) => table.name as string)) {
    const shared = columnsOf('current', name).filter((column) => columnsOf('main', name).includes(column));
    const old = gone[name] ?? {};
    const columns = [...shared, ...Object.keys(old)].join(', ');
    const values = [...shared, ...Object.values(old)].join(', ');
    database.exec(
      `DELETE FROM main.${name}; INSERT INTO main.${name} (${columns}) SELECT ${values} FROM current.${name}`,
    );
  }
  database.exec(`DETACH current; ${change}`);
  database.close();
  return dir;
}

test('licenses of the first version are found by what people type of their keys and orders', async () => {
  const keys = ['ABCDE-FGHJK', 'schl\u00fcssel \u2013 1'];
  const dir = await storeOfFirstVersion(async (storage) => {
    const { product } = await addPopulatedGuild(storage);
    for (const key of keys) await addLicense(storage, 'g1', product.id, { key, order: `${key} #1` });
  });

  const storage = open(dir);

  for (const [typed, key] of [
    ['abcde fghjk', keys[0]],
    ['SCHL\u00dcSSEL1', keys[1]],
  ] as const) {
    const found = await storage.licensesByFoldedKey('g1', typed);
    expect(await Promise.all(found.map(({ id }) => storage.licenseKey('g1', id)))).toEqual([key]);
    expect(await storage.licenses('g1', { order: `${key}  #1`.toLowerCase() }, page)).toEqual(found);
  }
});

test('licenses of the first version are found by parts of their texts, and listed by state', async () => {
  const dir = await storeOfFirstVersion(async (storage) => {
    const { product } = await addPopulatedGuild(storage);
    await addLicense(storage, 'g1', product.id, { key: 'a', name: 'Jane Doe' });
    await addLicense(storage, 'g1', product.id, { key: 'b', note: 'ΟΔΟΣ 7', ownerId: '5' });
  }, 'UPDATE licenses SET suspended_at = 0 WHERE id = 3');

  const storage = open(dir);

  const idsOf = async (query: LicenseQuery) => (await storage.licenses('g1', query, page)).map(({ id }) => id);
  expect(await idsOf({ text: 'E DO' })).toEqual([2]);
  expect(await idsOf({ text: 'οδοσ' })).toEqual([3]);
  expect(await idsOf({ text: '7' })).toEqual([3]);
  expect(await idsOf({ state: 'suspended' })).toEqual([3]);
  expect(await idsOf({ state: 'active' })).toEqual([2, 1]);
  expect(await storage.countLicenses('g1', 1)).toEqual({ licenses: 3, owners: 1, further: 0 });
});

test('the suspension of the first version is a hold of the staff, or of the departure that its reason names', async () => {
  const left = 'Owner left the server (automatic: member.onLeave)';
  const banned = 'Owner was banned from the server (automatic: member.onBan)';
  const suspensions = [null, 'late "again"', left, banned];
  const values = suspensions.map((reason, index) => `(${index + 2}, ${reason === null ? 'NULL' : `'${reason}'`})`);
  const dir = await storeOfFirstVersion(
    async (storage) => {
      const { product } = await addPopulatedGuild(storage);
      for (const index of suspensions.keys()) await addLicense(storage, 'g1', product.id, { key: `key-${index}` });
    },
    `UPDATE licenses SET suspended_at = 70 + id, suspend_reason = why FROM (
       SELECT column1 AS which, column2 AS why FROM (VALUES ${values.join(', ')})
     ) WHERE id = which`,
  );

  const storage = open(dir);

  const licenses = await storage.licenses('g1', { state: 'suspended' }, page);
  expect(licenses.map(({ holds }) => holds)).toEqual([
    [{ kind: 'left', at: new Date(75), reason: banned }],
    [{ kind: 'left', at: new Date(74), reason: left }],
    [{ kind: 'staff', at: new Date(73), reason: 'late "again"' }],
    [{ kind: 'staff', at: new Date(72), reason: null }],
  ]);
  expect(await storage.licenses('g1', { state: 'active' }, page)).toMatchObject([{ id: 1, holds: [] }]);
});

test('the newest published release of each branch of the first version is the latest', async () => {
  const dir = await storeOfFirstVersion(async (storage) => {
    await addPopulatedGuild(storage);
    const releases = releasesBefore.map((release) => ({ ...release, latest: false }));
    await storage.createProduct('g1', newProduct({ name: 'Panel', releases }), () => noTrail);
  });

  const bundle = await open(dir).bundle('g1');

  expect(bundle?.products.byName('Panel')?.releases).toEqual(releasesBefore);
});

test('a key of the first version whose accents stood apart is found in one spelling, and stays blacklisted', async () => {
  const apart = 'SCHLU\u0308SSEL';
  const dir = await storeOfFirstVersion(async (storage) => {
    const { product } = await addPopulatedGuild(storage);
    await addLicense(storage, 'g1', product.id, { key: apart });
    const entry = { type: 'key', value: '', match: null, key: apart, reason: null, expiresAt: null } as const;
    await storage.addBlacklistEntry('g1', { ...entry, createdBy: 'cli' }, () => noTrail);
  });

  const storage = open(dir);

  const key = 'SCHL\u00dcSSEL';
  const license = await storage.license('g1', { key });
  expect(license && (await storage.licenseKey('g1', license.id))).toBe(key);
  expect(await storage.blacklistEntry('g1', { type: 'key', key })).not.toBeNull();
  expect(await storage.license('g1', { key: apart })).toBeNull();
});

test('a license whose key does not open keeps neither the store nor other licenses from being found', async () => {
  const dir = await storeOfFirstVersion(async (storage) => {
    const { product } = await addPopulatedGuild(storage);
    await addLicense(storage, 'g1', product.id, { key: 'ABCDE-FGHJK' });
  }, "UPDATE licenses SET sealed_key = x'00' WHERE id = 1");

  const storage = open(dir);

  expect(await storage.licensesByFoldedKey('g1', 'abcdefghjk')).toHaveLength(1);
  expect(await storage.license('g1', { id: 1 })).toMatchObject({ keySuffix: 'EEEEE' });
});

test('a product of the first version holds every spelling of its name', async () => {
  const dir = await storeOfFirstVersion(async (storage) => {
    await addPopulatedGuild(storage);
  }, "UPDATE product_names SET name = 'Big  Vault', folded = 'big  vault'; UPDATE products SET name = 'Big  Vault'");

  const storage = open(dir);

  const product = newProduct({ name: 'big vault' });
  expect(await storage.createProduct('g1', product, () => noTrail)).toEqual({ taken: 'name' });
});

test('a guild of the first version keeps its one challenge key for all systems', async () => {
  const dir = await storeOfFirstVersion(async (storage) => {
    await addPopulatedGuild(storage);
  });

  const storage = open(dir);

  expect(await storage.guilds()).toMatchObject([{ id: 'g1', publicKey: 'public-key-of-g1' }]);
  for (const system of signingSystems) expect(await storage.challengeKey('g1', system)).toBe('private-key-of-g1');
});

test('an attempt of the first version stays, and has null for what was not stored then', async () => {
  const names = 'guild_id, at, protocol, result, observed_ip, new_bindings, quiet';
  const dir = await storeOfFirstVersion(async (storage) => {
    await addPopulatedGuild(storage);
  }, `INSERT INTO attempts (${names}) VALUES ('g1', 0, 'tki', 'granted', '203.0.113.5', '[]', 0)`);

  const storage = open(dir);

  expect(await storage.attempts('g1', {}, page)).toMatchObject([
    { result: 'granted', observedIp: '203.0.113.5', countedIp: null, branch: null, scope: null },
  ]);
});

test('attempts of the first version are found by license and by result, and are in the statistics', async () => {
  const names = 'guild_id, at, protocol, result, license_id, product_id, observed_ip, new_bindings, quiet';
  const rows = [
    `('g1', ${day + hour}, 'tki', 'granted', 1, 1, '203.0.113.5', '[]', 0)`,
    `('g1', ${day + 2 * hour}, 'tki', 'granted', 2, 1, '203.0.113.5', '[]', 0)`,
    `('g1', ${day + 2 * hour + 1}, 'tki', 'expired', 1, NULL, '203.0.113.5', '[]', 1)`,
    `('g1', ${3 * day}, 'lukittu', 'granted', 1, 1, '203.0.113.5', '[]', 0)`,
  ];
  const dir = await storeOfFirstVersion(
    async (storage) => {
      await addPopulatedGuild(storage);
    },
    `INSERT INTO attempts (${names}) VALUES ${rows.join()}; INSERT INTO attempt_counts VALUES ('g1', ${day + 2 * hour}, 'tki', 'expired', 5)`,
  );

  const storage = open(dir);

  const ofLicense = await storage.attempts('g1', { licenseId: 1, quiet: true }, page);
  expect(ofLicense.map(({ at }) => at.getTime())).toEqual([3 * day, day + 2 * hour + 1, day + hour]);
  expect(await storage.attempts('g1', { result: 'denied', quiet: true }, page)).toMatchObject([{ result: 'expired' }]);
  expect(await storage.attempts('g1', { protocol: 'lukittu' }, page)).toHaveLength(1);
  const statistic = { guildId: 'g1', period: 'day', protocol: 'tki', productId: 1, result: 'granted', count: 2 };
  expect(await storage.attemptStatistics('g1', 'day', new Date(0))).toEqual([
    { ...statistic, start: new Date(day), productId: null, result: 'expired', count: 6 },
    { ...statistic, start: new Date(day) },
    { ...statistic, start: new Date(3 * day), protocol: 'lukittu', count: 1 },
  ]);
  expect(await storage.attemptStatistics('g1', 'hour', new Date(0))).toHaveLength(4);
});

test('owners and supplied UUIDs of the first version become customers, who keep their UUIDs', async () => {
  const supplied = '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';
  const dir = await storeOfFirstVersion(
    async (storage) => {
      const { product } = await addPopulatedGuild(storage);
      await addLicense(storage, 'g1', product.id, { key: 'a', ownerId: '7' });
      await addLicense(storage, 'g1', product.id, { key: 'b', ownerId: '8' });
      await addLicense(storage, 'g1', product.id, { key: 'c', ownerId: '7' });
    },
    `DELETE FROM customers; INSERT INTO customers VALUES ('g1', '7', '${supplied}'), ('g1', '9', '${supplied.replace('1', '2')}')`,
  );

  const storage = open(dir);

  const derived = await storage.customerId('g1', '8');
  const [seven, eight, nine] = await Promise.all(
    ['7', '8', '9'].map((discordId) => storage.ensureCustomer('g1', discordId)),
  );
  expect(await storage.customers('g1', {}, page)).toHaveLength(3);
  expect([seven?.uuid, eight?.uuid, nine?.uuid]).toEqual([supplied, derived, supplied.replace('1', '2')]);
  const licenses = await storage.licenses('g1', {}, page);
  expect(licenses.map(({ customerId }) => customerId)).toEqual([seven?.id, eight?.id, seven?.id, null]);
  expect(seven?.createdAt).toEqual(licenses.at(-2)?.createdAt);
  expect((await storage.ensureCustomer('g1', '10')).id).toBeGreaterThan(3);
});

test('licenses and products of the first version have empty lists and UUIDs of their own', async () => {
  let before: readonly License[] = [];
  const dir = await storeOfFirstVersion(async (storage) => {
    const { product } = await addPopulatedGuild(storage);
    await addLicense(storage, 'g1', product.id, { key: 'b' });
    before = await storage.licenses('g1', {}, page);
  });

  const storage = open(dir);

  const licenses = await storage.licenses('g1', {}, page);
  expect(licenses).toEqual(before.map((license) => ({ ...license, uuid: expect.stringMatching(uuidPattern) })));
  expect(licenses[0]?.uuid).not.toBe(licenses[1]?.uuid);
  const [product] = (await storage.bundle('g1'))?.products.all() ?? [];
  expect(product).toMatchObject({ features: [], metadata: [], revision: 1, updatedAt: product?.createdAt });
});
