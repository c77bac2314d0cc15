import { existsSync } from 'node:fs';
import { setImmediate as pause } from 'node:timers/promises';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  copyPageSize,
  type CopyKind,
  type CopyPage,
  type CopyPosition,
  type CopySource,
  type CopyTarget,
} from '../../copy/port.ts';
import { storeFile } from '../../store-files.ts';
import { createVault } from '../../vault.ts';
import { createRollUp } from '../attempts/roll-up.ts';
import { createBundleAdapters } from './bundles.ts';
import { createLicenseAdapters } from './licenses.ts';
import { readCopyProgress, removeCopyProgress, writeCopyProgress } from './progress.ts';
import { createRecordAdapters } from './records.ts';
import { createStateAdapters } from './state.ts';
import { type TableAdapters, createInsert } from './table-adapter.ts';
import { settleNext } from '../customers/licenses-of-customer.ts';
import { createStatements, type Prepare } from '../database/database.ts';
import { openFiles, type OpenFiles } from '../database/files.ts';
import { asStoreError } from '../errors.ts';

export interface SqliteCopyOptions {
  readonly dir: string;
  readonly masterKey: Buffer;
  readonly now: () => Date;
}

/** The tables into which records are copied, but for `bundle_version`, whose one row always exists. */
const copiedTables = [
  ...['guilds', 'settings', 'products', 'product_names', 'releases', 'api_keys', 'blacklist', 'users'],
  ...['customers', 'customer_identities'],
  ...['licenses', 'slots', 'observed_values', 'attempts', 'attempt_licenses', 'attempt_counts'],
  ...['attempt_statistics', 'rejected_requests', 'audit', 'alerts'],
  ...['effects', 'granted_roles', 'leases', 'notes', 'counters', 'change_log', 'sqlite_sequence'],
];

/**
 * Opens the store in `dir` to be copied. Throws one sentence where that is not possible, such as while a server runs.
 */
export function openSqliteSource(options: SqliteCopyOptions): CopySource {
  const { dir } = options;
  if (!existsSync(storeFile(dir))) throw new Error(`There is no store in ${dir}.`);
  const { files, statement, ...side } = open(options, false);
  const rollUp = createRollUp(statement);
  while (inTransaction(files.writeConnection, rollUp.step) > 0);
  // Which licenses still have to follow a changed customer is not copied.
  while (inTransaction(files.writeConnection, () => settleNext({ statement, now: options.now })) > 0);
  // One read transaction: everything is read as of one commit, also while a command line changes the store.
  statement('BEGIN').run();
  return {
    ...side,
    warning: null,
    refresh: () =>
      runLater(() => {
        statement('COMMIT').run();
        statement('BEGIN').run();
      }),
    close: () => files.close(),
  };
}

/** Opens or makes the store in `dir` to be copied into. Throws one sentence where that is not possible. */
export function openSqliteTarget(options: SqliteCopyOptions): CopyTarget {
  const { files, statement, tables, ...side } = open(options, true);
  const { writeConnection } = files;

  function write(body: () => void): Promise<void> {
    return runLater(() => {
      inTransaction(writeConnection, body);
    });
  }

  return {
    ...side,
    progress: () => runLater(() => readCopyProgress(writeConnection)),
    setProgress: (progress) =>
      write(() => {
        writeCopyProgress(writeConnection, progress);
      }),
    write: (kind, records, from, to) =>
      write(() => {
        for (const [index, record] of records.entries()) tables[kind].insert(record, from.written + index + 1);
        writeCopyProgress(writeConnection, to);
      }),
    clear: () =>
      write(() => {
        for (const table of copiedTables) statement(`DELETE FROM ${table}`).run();
        statement('UPDATE attempt_roll_up SET last_id = 0').run();
        statement("INSERT INTO license_texts (license_texts) VALUES ('delete-all')").run();
      }),
    finish: () =>
      write(() => {
        removeCopyProgress(writeConnection);
      }),
    close: () => files.close(),
  };
}

function open({ dir, masterKey, now }: SqliteCopyOptions, isTarget: boolean) {
  const files: OpenFiles = openFiles(dir, {
    vault: createVault(masterKey),
    now,
    durability: 'process',
    server: true,
    onError: () => undefined,
    isToBeCopied: isTarget,
  });
  const statement = createStatements(files.writeConnection);
  const insert = createInsert(statement);
  const tables: TableAdapters = {
    ...createBundleAdapters(statement, insert),
    ...createLicenseAdapters(statement),
    ...createRecordAdapters(statement, insert),
    ...createStateAdapters(statement, insert),
  };
  return {
    files,
    statement,
    tables,
    name: `sqlite:${dir}`,
    count: (kind: CopyKind) =>
      runLater(() => statement(`SELECT count(*) AS count FROM ${tables[kind].from}`).get()?.count as number),
    read: <K extends CopyKind>(kind: K, after: CopyPosition | null) =>
      runLater(() => readPage(statement, kind, tables[kind], after)),
  };
}

function readPage<K extends CopyKind>(
  statement: Prepare,
  kind: K,
  { from, key, recordOf }: TableAdapters[K],
  after: CopyPosition | null,
): CopyPage<K> {
  const limit = copyPageSize(kind);
  const names = key.join(', ');
  const where = after === null ? '' : `WHERE (${names}) > (${key.map(() => '?').join(', ')})`;
  const rows = statement(`SELECT * FROM ${from} ${where} ORDER BY ${names} LIMIT ${limit}`).all(
    ...((after ?? []) as SQLInputValue[]),
  );
  const last = rows.length < limit ? undefined : rows.at(-1);
  return {
    records: rows.map((row) => recordOf(row)),
    next: last ? key.map((name) => last[name] as string | number) : null,
  };
}

function inTransaction<T>(database: DatabaseSync, body: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = body();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

async function runLater<T>(body: () => T): Promise<T> {
  // Between pages the event loop runs, so that progress is shown.
  await pause();
  try {
    return body();
  } catch (error) {
    throw asStoreError(error);
  }
}
