import { chmodSync, chownSync, closeSync, fchmodSync, fchownSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { findExisting, withExplanation } from './file-errors.ts';

/*
 * Everything that Latchkey makes is for its own user: files have mode 0600, folders 0700, under any umask. A command that
 * root runs gives what it makes to the owner of the folder above. Otherwise one such command would lock the service out,
 * which runs as another user.
 */

/** Makes a folder and those above it that are missing. Throws one sentence where that is forbidden. */
export function makeFolder(dir: string): void {
  const parent = findExisting(dir);
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (let made = dir; made !== parent; made = dirname(made)) {
      chmodSync(made, 0o700);
      const owner = ownerToGiveTo(parent);
      if (owner) chownSync(made, owner.uid, owner.gid);
    }
  } catch (error) {
    throw withExplanation(error, dir, 'write');
  }
}

/** Makes an empty file where there is none. Throws one sentence where that is forbidden. */
export function makeFile(file: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'ax', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code === 'ENOENT') throw new Error(`There is no folder ${dirname(file)}.`, { cause: error });
    throw withExplanation(error, file, 'write');
  }
  try {
    fchmodSync(descriptor, 0o600);
    const owner = ownerToGiveTo(dirname(file));
    if (owner) fchownSync(descriptor, owner.uid, owner.gid);
  } finally {
    closeSync(descriptor);
  }
}

/** The owner of a folder; null where this process is not root, and so makes files of its own anyway. */
function ownerToGiveTo(folder: string): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const { uid, gid } = statSync(folder);
  return uid === 0 ? null : { uid, gid };
}
