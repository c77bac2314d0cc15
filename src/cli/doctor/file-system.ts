import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { advice, type Check, failed, passed } from './check.ts';

/** What a file system says of the folder of the store. */
export interface FileSystem {
  /** The number by which Linux knows its kind (statfs(2)); other systems have numbers of their own. */
  readonly type: number;
  readonly platform: NodeJS.Platform;
  readonly isInContainer: boolean;
  /** The folder is on the device of `/`: in a container, on no volume. */
  readonly isOnRootDevice: boolean;
}

/** https://github.com/torvalds/linux/blob/master/include/uapi/linux/magic.h */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x5346414f, 'AFS'],
  [0xc36400, 'Ceph'],
  [0xbd00bd0, 'Lustre'],
  [0x1021997, '9P'],
]);
const fuseType = 0x65735546;

/** What is wrong with keeping an embedded store there. */
export function examineFileSystem(dir: string, { type, platform, isInContainer, isOnRootDevice }: FileSystem) {
  // Node reads the number as a signed one on some machines.
  const network = platform === 'linux' ? networkTypes.get(type >>> 0) : undefined;
  if (network !== undefined) {
    const fix = 'Move data.dir to a disk of this machine, or use MongoDB: SQLite’s locks and write-ahead log need one.';
    return failed(`${dir} is on a network file system (${network}), where the store can be damaged.`, fix);
  }
  if (isInContainer && isOnRootDevice) {
    const fix = 'Mount a volume there: the store and its backups are lost when the container is replaced.';
    return advice(`${dir} is inside a container, on no volume.`, fix);
  }
  if (platform === 'linux' && type >>> 0 === fuseType) {
    const fix = 'If it leads to another machine (sshfs, rclone, GlusterFS), move data.dir to a disk of this one.';
    return advice(`${dir} is on a FUSE file system.`, fix);
  }
  return passed(`${dir} is on a disk of this machine.`);
}

export const fileSystemCheck: Check = {
  name: 'file system',
  run: async ({ config: { data, mongodbUri }, platform }) => {
    if (mongodbUri !== null || !existsSync(data.dir)) return null;
    const [{ type }, folder, root] = await Promise.all([statfs(data.dir), stat(data.dir), stat('/')]);
    const isInContainer = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
    return examineFileSystem(data.dir, { type, platform, isInContainer, isOnRootDevice: folder.dev === root.dev });
  },
};
