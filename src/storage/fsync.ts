import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a finished file and its name survive a power cut. Never call it for a database in use (see store-files.ts). */
export function syncFile(file: string): void {
  sync(file, 'r+');
  // Windows cannot open folders, and its file systems write the name with the file.
  if (process.platform !== 'win32') sync(dirname(file), 'r');
}

function sync(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
