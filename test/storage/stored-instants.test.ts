import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as notes from '../../src/domain/notes.ts';
import { schemas } from '../../src/storage/mongo/schemas.ts';
import { fillStore } from '../support/full-store.ts';
import { useSqlite } from '../support/open-sqlite.ts';
import { instantsInNotes, mixedWithoutInstants, storedInstants } from '../support/stored-instants.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';

const open = useSqlite();
const folder = useTemporaryFolders();

const known = {
  sqlite: storedInstants.flatMap(({ sqlite }) => sqlite),
  mongo: storedInstants.flatMap(({ mongo }) => mongo),
};
/** What columns with instants are called. */
const instantName = /(^|_)(at|seen|minute|until|since|due|expires)($|_)/;

/** A number of ms since 1970 between 2017 and 2065, or an ISO text, also inside JSON. */
function holdsInstant(value: unknown): boolean {
  if (typeof value === 'number') return value > 1.5e12 && value < 3e12;
  return typeof value === 'string' && /\d{4}-\d\d-\d\dT\d\d:|\b[12]\d{12}\b/.test(value);
}

describe('every instant of the embedded store is in the table of stored instants', () => {
  async function readSchema() {
    const dir = folder();
    const clock = createTestClock();
    const storage = open(dir, { clock: clock.now });
    await fillStore(storage, clock);
    await storage.close();
    const database = new DatabaseSync(join(dir, 'latchkey.db'));
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    const columns = tables.all().flatMap(({ name: table }) => {
      const rows = database.prepare(`SELECT * FROM ${String(table)}`).all();
      return database
        .prepare(`PRAGMA table_info(${String(table)})`)
        .all()
        .map(({ name, type }) => ({
          table: String(table),
          column: String(name),
          isInteger: type === 'INTEGER',
          holdsInstant: rows.some((row) => holdsInstant(row[String(name)])),
        }));
    });
    database.close();
    return columns;
  }

  test('by the name of its column, and by what a full store has in it', async () => {
    const columns = await readSchema();
    const instants = columns.filter(
      ({ table, column, isInteger, holdsInstant: holds }) =>
        table !== 'notes' && ((isInteger && instantName.test(column)) || holds),
    );
    expect(instants.map(({ table, column }) => `${table}.${column}`).sort()).toEqual([...known.sqlite].sort());
    // A column whose values are recognized, so that the look into the store is one.
    expect(columns.find(({ column }) => column === 'owner_resets')).toMatchObject({ holdsInstant: true });
  });
});

test('every instant of the store on MongoDB is in the table of stored instants', () => {
  const paths = Object.entries(schemas).flatMap(([model, schema]) =>
    Object.entries(schema.paths as Readonly<Record<string, SchemaPath>>).map(([path, type]) => ({
      name: `${model}.${path}`,
      types: [type.instance, type.embeddedSchemaType?.instance],
    })),
  );
  const named = (type: string) => paths.filter(({ types }) => types.includes(type)).map(({ name }) => name);
  expect(named('Date').filter((name) => !known.mongo.includes(name))).toEqual([]);
  const mixed = named('Mixed').filter((name) => !known.mongo.includes(name));
  expect(mixed.sort()).toEqual([...mixedWithoutInstants].sort());
  const all = paths.map(({ name }) => name);
  expect(known.mongo.filter((name) => !all.includes(name))).toEqual([]);
});

interface SchemaPath {
  readonly instance: string;
  readonly embeddedSchemaType?: { readonly instance: string };
}

test('every note is in the table of instants in notes', () => {
  expect(Object.keys(instantsInNotes).sort()).toEqual(Object.keys(notes).sort());
});

const tests = [...storedInstants.map((instant) => instant.test), ...Object.values(instantsInNotes)];
const distinct = new Map(tests.filter((each) => each !== null).map((each) => [each.join(), each]));

test.each([...distinct.values()])('the clock is set under it in %s: %s', (file, title) => {
  expect(readFileSync(join(import.meta.dirname, '../..', file), 'utf8')).toContain(title);
});
