import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = useTemporaryFolders();
const limits = { restartPages: 10, maxPages: 20 };
/** More than the step lets a long reader hold. */
const manyPages = 1_200;

type CreateStep = (database: DatabaseSync, given: typeof limits, onLogTooLong: () => void) => () => void;
// Plain JavaScript, without types: a thread loads it.
const source = '../../src/storage/sqlite/database/checkpoint-step.js';
const { createCheckpointStep } = (await import(source)) as { readonly createCheckpointStep: CreateStep };

/** A database with a writer, a reader and the connection of the thread that makes checkpoints. */
function openDatabase() {
  const file = join(temporaryFolder(), 'store.db');
  const connect = () => new DatabaseSync(file, { timeout: 0 });
  const [writer, reader, checkpoints] = [connect(), connect(), connect()];
  writer.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE pages (content)');
  const add = writer.prepare('INSERT INTO pages VALUES (zeroblob(4000))');
  const write = (pages: number) => {
    writer.exec('BEGIN');
    for (let page = 0; page < pages; page += 1) add.run();
    writer.exec('COMMIT');
  };
  let tooLong = 0;
  const step = createCheckpointStep(checkpoints, limits, () => (tooLong += 1));
  const logPages = () => Number(checkpoints.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()?.log);
  const close = () => {
    for (const database of [writer, reader, checkpoints]) database.close();
  };
  return { write, reader, step, logPages, close, tooLong: () => tooLong };
}

test('a long log starts over once all of it was written back', () => {
  const { write, step, logPages, close, tooLong } = openDatabase();
  write(manyPages);
  step();
  write(1);
  expect(logPages()).toBeLessThan(10);
  expect(tooLong()).toBe(0);
  close();
});

test('a backup that holds the log is not waited for, however long the log gets, and afterwards the log starts over', () => {
  const { write, reader, step, logPages, close, tooLong } = openDatabase();
  write(5);
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM pages').get();
  write(manyPages);
  step();
  // A checkpoint that waits for the reader reports that it waited in vain.
  expect(tooLong()).toBe(0);
  expect(logPages()).toBeGreaterThan(manyPages);

  reader.exec('COMMIT');
  step();
  write(1);
  expect(logPages()).toBeLessThan(10);
  close();
});

test('a log that a reader of the last moment keeps from starting over is reported', () => {
  const { write, reader, step, close, tooLong } = openDatabase();
  write(manyPages);
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM pages').get();
  write(1);
  step();
  expect(tooLong()).toBe(1);
  reader.exec('COMMIT');
  close();
});
