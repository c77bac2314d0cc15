import { existsSync, rmSync, statSync } from 'node:fs';
import { constants, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { dayMs } from '../../src/domain/values/calendar.ts';
import { migrations } from '../../src/storage/sqlite/database/migrations.ts';
import { fillStore } from './fill-store.ts';
import type { StoreSize } from './world.ts';

/** Raised when the bench fills stores in another way. */
const fillVersion = 3;
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
  if (existsSync(dir) && Date.now() - statSync(dir).mtimeMs < maxAgeMs) return dir;
  const draft = await makeTemporary('fill-');
  const from = smallerSize(size);
  if (from) await copyFolder(await filledStore(from), draft);
  const onStep = (done: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r  filling a store: ${done}\u001B[K`);
  };
  await fillStore({ dir: draft }, size, { ...(from && { from }), onStep });
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  await rm(dir, { recursive: true, force: true });
  await rename(draft, dir);
  return dir;
}

function smallerSize(size: StoreSize): StoreSize | null {
  if (size.attempts > 0) return { ...size, attempts: 0 };
  return size.blacklist > 0 ? { ...size, blacklist: 0 } : null;
}

const copyFolder = (from: string, to: string) => cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
