import { existsSync, rmSync, statSync } from 'node:fs';
import { constants, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { dayMs } from '../../src/domain/values/calendar.ts';
import { migrations } from '../../src/storage/sqlite/database/migrations.ts';
import { type BenchMongod, startBenchMongod } from './bench-mongod.ts';
import { fillStore } from './fill-store.ts';
import type { StoreSize } from './world.ts';

/** Raised when the bench fills stores in another way. */
const fillVersion = 4;
/** The last attempts of an older store would be too long ago for commands that read the last days. */
const maxAgeMs = 7 * dayMs;

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'latchkey-bench');

/** Folders that are removed however this process ends: they may hold gigabytes. */
const temporary = new Set<string>();
process.once('exit', () => {
  for (const dir of temporary) rmSync(dir, { recursive: true, force: true });
});

/**
 * A folder with a store of this size, which is the caller's alone until this process ends. Stores are filled once, kept in
 * the user's cache, and copied from there.
 */
export async function prepareStore(size: StoreSize): Promise<string> {
  const filled = await filledStore(size);
  const dir = await makeTemporary('run-');
  await copyFolder(filled, dir);
  return dir;
}

/** The same on MongoDB: a replica set of one member, with a folder for files. The caller stops it. */
export async function prepareMongodb(size: StoreSize): Promise<BenchMongod & { readonly dir: string }> {
  const dir = await makeTemporary('run-');
  const dbPath = join(dir, 'mongodb');
  await copyFolder(await filledMongodb(size), dbPath);
  return { dir, ...(await startBenchMongod(dbPath)) };
}

/** Unlike the embedded store, whose smaller sizes have uses of their own, it is filled in one go. */
async function filledMongodb(size: StoreSize): Promise<string> {
  const { licenses, blacklist, attempts } = size;
  const dir = join(cache, `mongodb-${fillVersion}-licenses-${licenses}-blacklist-${blacklist}-attempts-${attempts}`);
  if (isRecent(dir)) return dir;
  const draft = await makeTemporary('fill-');
  const mongod = await startBenchMongod(draft);
  await fillStore(mongod, size, { onStep: showStep });
  await mongod.stop();
  await replaceFolder(draft, dir);
  return dir;
}

const isRecent = (dir: string) => existsSync(dir) && Date.now() - statSync(dir).mtimeMs < maxAgeMs;

function showStep(done: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r  filling a store: ${done}\u001B[K`);
}

async function replaceFolder(draft: string, dir: string): Promise<void> {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  await rm(dir, { recursive: true, force: true });
  await rename(draft, dir);
}

async function makeTemporary(prefix: string): Promise<string> {
  await mkdir(cache, { recursive: true });
  const dir = await mkdtemp(join(cache, prefix));
  temporary.add(dir);
  return dir;
}

/** Each size is filled from the next smaller one, so that stores of the same licenses have the same rows. */
async function filledStore(size: StoreSize): Promise<string> {
  const dir = join(
    cache,
    `schema-${migrations.length}-${fillVersion}-licenses-${size.licenses}-blacklist-${size.blacklist}-attempts-${size.attempts}`,
  );
  if (isRecent(dir)) return dir;
  const draft = await makeTemporary('fill-');
  const from = smallerSize(size);
  if (from) await copyFolder(await filledStore(from), draft);
  await fillStore({ dir: draft }, size, { ...(from && { from }), onStep: showStep });
  await replaceFolder(draft, dir);
  return dir;
}

function smallerSize(size: StoreSize): StoreSize | null {
  if (size.attempts > 0) return { ...size, attempts: 0 };
  return size.blacklist > 0 ? { ...size, blacklist: 0 } : null;
}

const copyFolder = (from: string, to: string) => cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
