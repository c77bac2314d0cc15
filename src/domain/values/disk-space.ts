/** `low`: it will be full soon, or the next backup of the store does not fit. `full`: writes may fail at any moment. */
export type DiskSpace = 'enough' | 'low' | 'full';

const lowBytes = 1e9;
const fullBytes = 100e6;

/** What the free bytes of a disk mean for a store of this size, whose backups are on the same disk. */
export function diskSpaceOf(freeBytes: number, storeBytes: number): DiskSpace {
  if (freeBytes < fullBytes) return 'full';
  return freeBytes < Math.max(lowBytes, 2 * storeBytes) ? 'low' : 'enough';
}
