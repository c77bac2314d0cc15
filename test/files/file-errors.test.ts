import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describeFileProblem, explainFileError, type FileProblem } from '../../src/files/file-errors.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = useTemporaryFolders();

const problem: FileProblem = {
  path: '/srv/data/latchkey.db',
  action: 'write',
  code: 'EACCES',
  folder: '/srv/data',
  owner: 'root',
  user: 'latchkey',
};

describe('a file that may not be used', () => {
  test.each<[string, Partial<FileProblem>, readonly string[]]>([
    [
      'that belongs to root is given to the user of the program',
      {},
      ['cannot be written: it belongs to root', 'runs as latchkey', 'sudo chown -R latchkey /srv/data'],
    ],
    [
      'that belongs to the service is used as the service',
      { owner: 'latchkey', user: 'alice', action: 'read' },
      ['cannot be read: it belongs to latchkey', 'runs as alice', 'sudo -u latchkey', 'sudo chown -R alice /srv/data'],
    ],
    ['that is its own has the wrong mode', { owner: 'latchkey' }, ['its mode forbids', 'chmod -R u+rwX /srv/data']],
    [
      'on a read-only file system needs a mount',
      { code: 'EROFS' },
      ['read-only', 'belongs to root', 'by latchkey', 'mount -o remount,rw', 'ReadWritePaths'],
    ],
  ])('%s', (_, own, parts) => {
    const sentence = describeFileProblem({ ...problem, ...own });
    for (const part of parts) expect(sentence).toContain(part);
  });

  test('is not explained by an error of another kind', () => {
    expect(describeFileProblem({ ...problem, code: 'EIO' })).toBeNull();
  });

  test('is said to belong to the owner of the nearest folder where it does not exist', () => {
    const dir = temporaryFolder();
    const sentence = explainFileError({ code: 'EROFS' }, join(dir, 'a', 'b'), 'write');
    expect(sentence).toContain(`findmnt -no TARGET -T ${dir})`);
  });
});

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

/** Runs the check of the store's folder as a user who owns nothing. */
async function requireAsNobody(dir: string, newStore: string): Promise<string> {
  const module = join(import.meta.dirname, '../../src/storage/store-folder.ts');
  const program = `
    const { requireStoreFolder } = await import(${JSON.stringify(module)});
    ${isRoot ? `process.setgid(${nobody}); process.setuid(${nobody});` : ''}
    try {
      requireStoreFolder({ dir: ${JSON.stringify(dir)}, newStore: '${newStore}', lists: [] });
      console.log('allowed');
    } catch (error) {
      console.log(error.message);
    }
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  return stdout.trim();
}

const testAsRoot = isRoot ? test : test.skip;
describe(isRoot ? 'a store of another user' : 'a store of another user (skipped: run the tests as root)', () => {
  /** A folder whose parents everybody may enter. */
  function reachableFolder(): string {
    const dir = temporaryFolder();
    chmodSync(dirname(dir), 0o711);
    return dir;
  }

  testAsRoot('is refused with owner, user and command, and never taken for a missing one', async () => {
    const dir = reachableFolder();
    writeFileSync(join(dir, 'latchkey.db'), '');
    for (const newStore of ['never', 'where-none-was']) {
      const sentence = await requireAsNobody(dir, newStore);
      expect(sentence).toMatch(
        new RegExp(`^${dir} cannot be written: it belongs to root, and this program runs as nobody`),
      );
      expect(sentence).toContain(`sudo chown -R nobody ${dir}`);
    }
  });

  testAsRoot('in a folder that may not be entered is not taken for a missing one either', async () => {
    const dir = reachableFolder();
    expect(await requireAsNobody(join(dir, 'data'), 'never')).toContain(`${dir} cannot be read: it belongs to root`);
  });

  testAsRoot('is refused for the one file that root made in the folder of the service', async () => {
    const dir = reachableFolder();
    writeFileSync(join(dir, 'latchkey.db'), '');
    writeFileSync(join(dir, 'server.lock'), '', { mode: 0o600 });
    chownSync(dir, nobody, nobody);
    chownSync(join(dir, 'latchkey.db'), nobody, nobody);
    expect(await requireAsNobody(dir, 'never')).toContain(
      `${join(dir, 'server.lock')} cannot be written: it belongs to root`,
    );
    chownSync(join(dir, 'server.lock'), nobody, nobody);
    expect(await requireAsNobody(dir, 'never')).toBe('allowed');
  });
});
