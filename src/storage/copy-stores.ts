import { existsSync } from 'node:fs';
import type { CopySource, CopyTarget } from './copy/port.ts';
import { type CopyChecksums, copyStore, type CopyStep } from './copy/copy-store.ts';
import { readMasterKey } from './master-key.ts';
import { openSqliteSource, openSqliteTarget } from './sqlite/copy/open-copy.ts';
import { masterKeyFile } from './store-files.ts';
import { requireStoreFolder } from './store-folder.ts';

/** Where a store is. */
export type StoreLocation =
  { readonly engine: 'sqlite'; readonly dir: string } | { readonly engine: 'mongodb'; readonly uri: string };

export interface CopyStoresOptions {
  readonly from: StoreLocation;
  readonly to: StoreLocation;
  /** The configured master key. null: it is read from the folder of the SQLite store. */
  readonly masterKey: Buffer | null;
  /**
   * The data directory of this process, from which a process on MongoDB reads its master key when none is configured.
   */
  readonly dataDir: string;
  readonly clock: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly onStep: (step: CopyStep) => void;
  /** Called with what the operator has to make sure of before the copy, as one sentence. */
  readonly onWarning: (sentence: string) => void;
}

/** The names of both stores, and the checksums of the copy. */
export interface CopiedStores {
  readonly from: string;
  readonly to: string;
  readonly copied: CopyChecksums;
}

/**
 * Copies everything that is stored from one engine to the other; both stores use the same master key. Rejects with one
 * sentence where that is not possible, and has then changed no record that was stored before.
 */
export async function copyStores(options: CopyStoresOptions): Promise<CopiedStores> {
  const masterKey = sharedMasterKey(options);
  const source = await openSource(options, masterKey);
  try {
    if (source.warning !== null) options.onWarning(source.warning);
    const target = await openTarget(options, masterKey);
    try {
      const copied = await copyStore({ source, target, now: options.clock, onStep: options.onStep });
      return { from: source.name, to: target.name, copied };
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/**
 * Keys are copied as they were sealed, so both stores need the same master key. Throws one sentence where it is missing
 * or two differ.
 */
function sharedMasterKey({ from, to, masterKey, dataDir, random }: CopyStoresOptions): Buffer {
  const dir = [from, to].find((store) => store.engine === 'sqlite')?.dir;
  if (dir === undefined || from.engine === to.engine) {
    throw new Error('A store is copied from one engine to the other: one side is sqlite:FOLDER, the other mongodb:.');
  }
  if (masterKey) return masterKey;
  const [file, other] = [masterKeyFile(dir), masterKeyFile(dataDir)];
  if (!existsSync(file)) {
    throw new Error(`Put the master key of both stores into ${file} first, or set masterKey.`);
  }
  const { key } = readMasterKey(dir, null, random);
  if (file !== other && existsSync(other) && !readMasterKey(dataDir, null, random).key.equals(key)) {
    throw new Error(`${file} and ${other} hold different master keys: both stores need the same.`);
  }
  return key;
}

async function openSource({ from, clock: now, random }: CopyStoresOptions, masterKey: Buffer): Promise<CopySource> {
  requireFolderOf(from);
  if (from.engine === 'sqlite') return openSqliteSource({ dir: from.dir, masterKey, now });
  const { openMongoSource } = await import('./mongo/copy/open-copy.ts');
  return openMongoSource({ uri: from.uri, masterKey, now, random });
}

async function openTarget({ to, clock: now, random }: CopyStoresOptions, masterKey: Buffer): Promise<CopyTarget> {
  requireFolderOf(to);
  if (to.engine === 'sqlite') return openSqliteTarget({ dir: to.dir, masterKey, now });
  const { openMongoTarget } = await import('./mongo/copy/open-copy.ts');
  return openMongoTarget({ uri: to.uri, masterKey, now, random });
}

/** Throws one sentence where this process may not use the folder of a SQLite store; the target may be made there. */
function requireFolderOf(store: StoreLocation): void {
  if (store.engine === 'sqlite') requireStoreFolder({ dir: store.dir, newStore: 'always', lists: [] });
}
