import { describe, expect, test } from '@jest/globals';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { attemptColumns } from '../../src/storage/sqlite/attempts/attempt-columns.ts';
import { productColumns, releaseColumns } from '../../src/storage/sqlite/bundles/product-columns.ts';
import { describeColumns, type Fields, insertSql, updateSql } from '../../src/storage/sqlite/columns.ts';
import { flag, jsonList, optionalInstant, plain } from '../../src/storage/sqlite/fields.ts';
import { bindingColumns, slotNames } from '../../src/storage/sqlite/licenses/binding-columns.ts';
import { licenseColumns, storedLicenseColumns } from '../../src/storage/sqlite/licenses/columns.ts';
import { migrate } from '../../src/storage/sqlite/database/migrate.ts';
import { createVault } from '../../src/storage/vault.ts';
import { testMasterKey } from '../support/open-sqlite.ts';

interface Sample {
  readonly id: number;
  readonly name: string | null;
  readonly isOpen: boolean;
  readonly endsAt: Date | null;
  readonly tags: readonly string[];
}

const sampleFields = {
  id: plain<number>('id'),
  name: plain<string | null>('label'),
  isOpen: flag('is_open'),
  endsAt: optionalInstant('ends_at'),
  tags: jsonList<string>('tags'),
} satisfies Fields<Sample>;
const sampleColumns = describeColumns<Sample>(sampleFields);

describe('a described record', () => {
  test.each<Sample>([
    { id: 1, name: 'first', isOpen: true, endsAt: new Date('2026-03-01T12:00:00.000Z'), tags: ['a', 'b'] },
    { id: 2, name: null, isOpen: false, endsAt: null, tags: [] },
  ])('is inserted, updated and read back as it was: %j', (sample) => {
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE samples (tags TEXT, ends_at INTEGER, is_open INTEGER, label TEXT, id INTEGER) STRICT');
    const values = sampleColumns.valuesOf({ ...sample, name: 'before', isOpen: !sample.isOpen });
    database.prepare(insertSql('samples', sampleColumns.names)).run(...values);
    const update = database.prepare(updateSql('samples', sampleColumns.names));
    update.run(...sampleColumns.valuesOf(sample), sample.id);

    expect(sampleColumns.fromRow(database.prepare('SELECT * FROM samples').get() ?? {})).toEqual(sample);
    const asList = database.prepare(`SELECT ${sampleColumns.names.join(', ')} FROM samples`);
    asList.setReturnArrays(true);
    expect(sampleColumns.fromValues(asList.get() as unknown as readonly SQLOutputValue[])).toEqual(sample);
    database.close();
  });

  test('does not compile while one of its fields has no column, or another type than its column', () => {
    const { tags: _, ...others } = sampleFields;
    // @ts-expect-error `tags` has no column
    describeColumns<Sample>(others);
    // @ts-expect-error `name` can be null, which the field cannot read
    const narrow = { ...sampleFields, name: plain<string>('label') } satisfies Fields<Sample>;
    expect(Object.keys(narrow)).toEqual(Object.keys(sampleFields));
  });
});

describe('the described columns', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, createVault(testMasterKey), () => undefined);
  const columnsOf = (table: string) =>
    database
      .prepare(`PRAGMA table_info(${table})`)
      .all()
      .map(({ name }) => name);

  test.each([
    ['attempts', attemptColumns.names, []],
    ['products', productColumns.names, []],
    ['releases', releaseColumns.names, ['product_id']],
    ['licenses', storedLicenseColumns.names, []],
    ['slots', slotNames, ['license_id']],
    ['observed_values', bindingColumns.names, ['license_id', 'guild_id']],
  ])('are all that %s has', (table, names, foreign) => {
    expect([...foreign, ...names].sort()).toEqual(columnsOf(table).sort());
  });

  test('of a license without its key leave nothing else out', () => {
    const others = ['lookup', 'sealed_key', 'key_folded', 'expiry_notified'];
    expect([...licenseColumns.names, ...others].sort()).toEqual(columnsOf('licenses').sort());
  });
});
