import { expect, test } from '@jest/globals';
import { examineFileSystem, type FileSystem } from '../../src/cli/doctor/file-system.ts';

const ext4 = 0xef53;
const overlay = 0x794c7630;
const own: FileSystem = { type: ext4, platform: 'linux', isInContainer: false, isOnRootDevice: true };

test.each<[string, Partial<FileSystem>, boolean, string | null]>([
  ['a disk of the machine', {}, true, null],
  ['NFS', { type: 0x6969 }, false, 'network file system (NFS)'],
  ['SMB, as a signed number', { type: 0xff534d42 | 0 }, false, 'network file system (CIFS)'],
  ['9P, through which WSL shows the disks of Windows', { type: 0x01021997 }, false, 'network file system (9P)'],
  ['FUSE', { type: 0x65735546 }, true, 'FUSE'],
  ['a container without a volume', { type: overlay, isInContainer: true }, true, 'on no volume'],
  ['a container with a volume', { isInContainer: true, isOnRootDevice: false }, true, null],
  ['a container with NFS as its volume', { type: 0x6969, isInContainer: true, isOnRootDevice: false }, false, 'NFS'],
  ['another system with that number', { type: 0x6969, platform: 'darwin' }, true, null],
])('%s', (_where, facts, ok, named) => {
  const result = examineFileSystem('/srv/data', { ...own, ...facts });
  expect(result).toMatchObject({ ok, fix: named === null ? null : expect.any(String) });
  expect(result.detail).toContain(named ?? '/srv/data is on a disk of this machine.');
});
