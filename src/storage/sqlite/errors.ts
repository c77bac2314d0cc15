import { StoreUnavailableError } from '../port/errors.ts';

// Primary result codes, https://www.sqlite.org/rescode.html; node:sqlite puts the extended one into `errcode`.
const busyCodes: readonly number[] = [5, 6];
const sentences: Readonly<Record<number, string>> = {
  5: 'The store is locked by another process.',
  6: 'The store is locked by another process.',
  8: 'The store is read-only: the program may not write to its file or folder.',
  10: 'The disk of the store fails to read or write.',
  11: 'The store is damaged. Stop the program and restore a backup.',
  13: 'The disk of the store is full.',
  14: 'The file of the store cannot be opened.',
  26: 'The store is damaged: its file is no SQLite database. Stop the program and restore a backup.',
};

function fieldOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;
}

function primaryCode(error: unknown): number | null {
  const errcode = fieldOf(error, 'errcode');
  return typeof errcode === 'number' ? errcode & 0xff : null;
}

/** Whether another connection holds the lock, so that the transaction is worth another try. */
export function isBusy(error: unknown): boolean {
  return busyCodes.includes(primaryCode(error) ?? 0);
}

/** The only place where SQLite's errors become those of the port. Every other error is returned unchanged. */
export function asStoreError(error: unknown): unknown {
  const sentence = sentences[primaryCode(error) ?? 0];
  if (sentence !== undefined) return new StoreUnavailableError(sentence, { cause: error });
  // node:sqlite throws ERR_INVALID_STATE on a closed connection.
  if (fieldOf(error, 'code') === 'ERR_INVALID_STATE') {
    return new StoreUnavailableError('The store is closed.', { cause: error });
  }
  return error;
}
