import { afterEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { copyStore } from '../../src/storage/copy/copy-store.ts';
import { copyStores, type CopyStoresOptions } from '../../src/storage/copy-stores.ts';
import type { CopyTarget } from '../../src/storage/copy/port.ts';
import { openSqliteSource, openSqliteTarget } from '../../src/storage/sqlite/copy/open-copy.ts';
import { masterKeyFile } from '../../src/storage/store-files.ts';
import { fillStore, readStore } from '../support/full-store.ts';
import { testMasterKey, useSqlite } from '../support/open-sqlite.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';

const openSqlite = useSqlite();
const folder = useTemporaryFolders();
const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

describe('a copy', () => {
  async function prepare() {
    const clock = createTestClock();
    const [from, to] = [folder(), folder()];
    const storage = openSqlite(from, { clock: clock.now });
    await fillStore(storage, clock);
    /** `change` comes between the copy and its target. */
    async function copy(change: (target: CopyTarget) => Partial<CopyTarget> = () => ({})) {
      const source = openSqliteSource({ dir: from, masterKey: testMasterKey, now: clock.now });
      opened.push(source);
      const target = openSqliteTarget({ dir: to, masterKey: testMasterKey, now: clock.now });
      opened.push(target);
      const options = { source, target: { ...target, ...change(target) }, now: clock.now, onStep: () => undefined };
      return copyStore(options).finally(async () => {
        for (const one of opened.splice(0)) await one.close();
      });
    }
    return { clock, from, to, storage, copy };
  }

  test.each(['users', 'licenses', 'observedValues', 'attempts', 'audit', 'notes', 'numbers'] as const)(
    'that lacks one of the %s fails the comparison, and the next copy starts over',
    async (kind) => {
      const { clock, to, storage, copy } = await prepare();
      const lossy = ({ write }: CopyTarget): Partial<CopyTarget> => ({
        write: (each, records, before, after) =>
          write(each, each === kind ? records.slice(0, -1) : records, before, after),
      });
      await expect(copy(lossy)).rejects.toThrow(new RegExp(`The copy differs from .* in .*${kind}.*: run this again`));
      expect(() => openSqlite(to)).toThrow('holds an unfinished copy');
      await copy();
      const copied = openSqlite(to, { clock: clock.now });
      expect(await readStore(copied)).toEqual(await readStore(storage));
    },
  );

  test('with two attempts in exchanged positions fails the comparison', async () => {
    const { copy } = await prepare();
    const swapping = ({ write }: CopyTarget): Partial<CopyTarget> => ({
      write: (each, records, before, after) =>
        write(each, each === 'attempts' ? records.toReversed() : records, before, after),
    });
    await expect(copy(swapping)).rejects.toThrow('in attempts');
  });
});

describe('the master key of both stores', () => {
  const rejected = (own: Partial<CopyStoresOptions>) =>
    copyStores({
      from: { engine: 'sqlite', dir: folder() },
      to: { engine: 'mongodb', uri: 'mongodb://db.invalid/latchkey' },
      masterKey: null,
      dataDir: folder(),
      clock: createTestClock().now,
      random: randomBytes,
      onStep: () => undefined,
      onWarning: () => undefined,
      ...own,
    });

  function folderWithKey(key: Buffer): string {
    const dir = folder();
    mkdirSync(dir, { recursive: true });
    writeFileSync(masterKeyFile(dir), key.toString('base64'));
    return dir;
  }

  test('has to be in the folder of the embedded store, or configured', async () => {
    const dir = folder();
    await expect(rejected({ from: { engine: 'sqlite', dir } })).rejects.toThrow(`Put the master key of both stores`);
  });

  test('is not another one than that of this process', async () => {
    const dir = folderWithKey(randomBytes(32));
    const dataDir = folderWithKey(randomBytes(32));
    await expect(rejected({ from: { engine: 'sqlite', dir }, dataDir })).rejects.toThrow('different master keys');
  });

  test('that is right leads to the store itself', async () => {
    const key = randomBytes(32);
    const dir = folderWithKey(key);
    const dataDir = folderWithKey(key);
    await expect(rejected({ from: { engine: 'sqlite', dir }, dataDir })).rejects.toThrow(
      `There is no store in ${dir}.`,
    );
  });
});

test('a store is not copied to its own engine', async () => {
  const location = { engine: 'sqlite', dir: folder() } as const;
  const options = {
    from: location,
    to: location,
    masterKey: testMasterKey,
    dataDir: folder(),
    clock: () => new Date(),
  };
  const silent = { onStep: () => undefined, onWarning: () => undefined };
  await expect(copyStores({ ...options, ...silent, random: randomBytes })).rejects.toThrow(
    'from one engine to the other',
  );
});
