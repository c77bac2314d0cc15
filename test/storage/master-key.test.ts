import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMasterKey } from '../../src/storage/master-key.ts';
import { useSqlite } from '../support/open-sqlite.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = useTemporaryFolders();
const open = useSqlite();

describe('the master key', () => {
  test('is the configured one where there is one, and then no file is made', () => {
    const dir = temporaryFolder();
    const configured = Buffer.alloc(32, 3);

    expect(readMasterKey(dir, configured, randomBytes)).toEqual({ key: configured, madeIn: null });
    expect(readdirSync(dir)).toEqual([]);
  });

  test('is made on first start in a file that only its owner may read, and found there afterwards', () => {
    const dir = join(temporaryFolder(), 'data');

    const made = readMasterKey(dir, null, randomBytes);
    const found = readMasterKey(dir, null, randomBytes);

    expect(made.key).toHaveLength(32);
    expect(made.madeIn).toBe(join(dir, 'master.key'));
    expect(statSync(join(dir, 'master.key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['master.key']);
    expect(found).toEqual({ key: made.key, madeIn: null });
  });

  test('is not made again where a store exists that needs another', async () => {
    const dir = temporaryFolder();
    await open(dir, { masterKey: readMasterKey(dir, null, randomBytes).key }).close();
    rmSync(join(dir, 'master.key'));

    expect(() => readMasterKey(dir, null, randomBytes)).toThrow('The master key is missing: put');
  });

  test.each(['', 'c2hvcnQ=', 'not base64 at all!'])('is an error where the file holds none: %j', (text) => {
    const dir = temporaryFolder();
    const file = join(dir, 'master.key');
    writeFileSync(file, text);
    chmodSync(file, 0o600);

    expect(() => readMasterKey(dir, null, randomBytes)).toThrow('holds no master key');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
