import { describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NewStore, rememberStoreFolder, requireStoreFolder } from '../../src/storage/store-folder.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = useTemporaryFolders();

const require = (dir: string, newStore: NewStore = 'where-none-was', lists: readonly string[] = []) => {
  requireStoreFolder({ dir, newStore, lists });
};

describe('a command that makes no store', () => {
  test.each(['there', 'missing'])('names the folder that it looked at, which is %s, and makes nothing', (which) => {
    const parent = temporaryFolder();
    const dir = join(parent, 'data');
    if (which === 'there') mkdirSync(dir);
    const before = readdirSync(parent);

    expect(() => {
      require(dir, 'never');
    }).toThrow(`There is no store in ${dir}.`);
    expect(readdirSync(parent)).toEqual(before);
  });

  test.each(['latchkey.db', 'latchkey.db-wal'])(
    'goes on where there is %s, which opening the store examines',
    (name) => {
      const dir = temporaryFolder();
      writeFileSync(join(dir, name), '');
      require(dir, 'never');
    },
  );
});

describe('a server', () => {
  test.each<[string, (parent: string) => void]>([
    ['is missing', () => undefined],
    [
      'is new and empty',
      (parent) => {
        mkdirSync(join(parent, 'data'));
      },
    ],
    [
      'has files of others only',
      (parent) => {
        mkdirSync(join(parent, 'data'));
        writeFileSync(join(parent, 'data', 'README'), '');
      },
    ],
  ])('may make a store in a folder that %s', (_, prepare) => {
    const parent = temporaryFolder();
    prepare(parent);
    require(join(parent, 'data'));
  });

  test.each(['master.key', 'backups'])('makes none where a former one left %s, unless it is told to', (name) => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, name));

    expect(() => {
      require(dir);
    }).toThrow(`There is no store in ${dir}, but ${join(dir, name)} is there.`);
    require(dir, 'always');
  });

  test.each(['data', 'volume/data'])('makes none in %s, which had one and whose volume is not mounted', (path) => {
    const mount = join(temporaryFolder(), path.split('/')[0] ?? '');
    const dir = join(mount, ...path.split('/').slice(1));
    const lists = [join(temporaryFolder(), 'list')];
    mkdirSync(dir, { recursive: true });
    rememberStoreFolder({ dir, lists });
    // What is below an unmounted volume: an empty folder.
    rmSync(mount, { recursive: true });
    mkdirSync(join(mount, 'lost+found'), { recursive: true });

    expect(() => {
      require(dir, 'where-none-was', lists);
    }).toThrow(`There is no store in ${dir}, but there was one before.`);
    require(dir, 'always', lists);
  });

  test('may begin again where the operator removed the folder', () => {
    const dir = join(temporaryFolder(), 'data');
    const lists = [join(dir, '..', 'list')];
    rememberStoreFolder({ dir, lists });
    require(dir, 'where-none-was', lists);
  });
});

describe('the list of folders that had a store', () => {
  test('is the first file that can be written, and names each folder once', () => {
    const parent = temporaryFolder();
    const lists = [join(parent, 'missing', 'list'), join(parent, 'list'), join(parent, 'other')];
    for (const dir of ['/srv/a', '/srv/b', '/srv/a']) rememberStoreFolder({ dir, lists });

    expect(readFileSync(join(parent, 'list'), 'utf8')).toBe('/srv/a\n/srv/b\n');
    expect(existsSync(join(parent, 'other'))).toBe(false);
  });

  test('is not needed: where none can be written, the start goes on', () => {
    rememberStoreFolder({ dir: '/srv/a', lists: [join(temporaryFolder(), 'missing', 'list')] });
  });
});

test.each(['data', 'data/inner'])('a file in the place of a folder is named: %s', (path) => {
  const parent = temporaryFolder();
  writeFileSync(join(parent, 'data'), '');
  for (const newStore of ['never', 'always'] as const) {
    expect(() => {
      require(join(parent, path), newStore);
    }).toThrow(`${join(parent, 'data')} is not a folder`);
  }
});
