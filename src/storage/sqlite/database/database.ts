import { DatabaseSync, type StatementSync } from 'node:sqlite';

export type Prepare = (sql: string) => StatementSync;

export interface DatabaseOptions {
  readonly synchronous: 'NORMAL' | 'FULL';
  /** How long one call of SQLite blocks the thread while it waits for a lock. */
  readonly busyTimeoutMs: number;
  /** False where another thread makes the checkpoints. */
  readonly autoCheckpoint: boolean;
  /** How many pages of the database the connection keeps in memory, in MB; SQLite's 2 when left out. */
  readonly cacheMb?: number;
}

/** Opens a connection in WAL mode. */
export function openDatabase(file: string, options: DatabaseOptions): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: options.busyTimeoutMs, enableForeignKeyConstraints: false });
  try {
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${options.synchronous};
      PRAGMA wal_autocheckpoint = ${options.autoCheckpoint ? 1000 : 0};
      PRAGMA journal_size_limit = 67108864;
      PRAGMA cache_size = ${-1024 * (options.cacheMb ?? 2)};
    `);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Returns a function that prepares a statement, once for each SQL text. */
export function createStatements(database: DatabaseSync): Prepare {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = database.prepare(sql)));
    return statement;
  };
}
