import { existsSync, linkSync, unlinkSync, writeFileSync } from 'node:fs';
import { syncFile } from './fsync.ts';
import { withExplanation } from '../files/file-errors.ts';
import { makeFile, makeFolder } from '../files/make-files.ts';
import { NoTextError, readText } from '../files/read-text.ts';
import { masterKeyFile, storeFile } from './store-files.ts';

const keyBytes = 32;

export interface MasterKey {
  readonly key: Buffer;
  /**
   * The file that was made for a new key, which the operator should back up apart from the data. null: the key existed.
   */
  readonly madeIn: string | null;
}

/**
 * The configured master key, or the one in the data directory, which is made on first start. Throws one sentence where
 * the file holds no key, or where it is missing although a store exists that needs it, or this process `mayMake` none.
 */
export function readMasterKey(
  dir: string,
  configured: Buffer | null,
  random: (bytes: number) => Buffer,
  mayMake = true,
): MasterKey {
  if (configured) return { key: configured, madeIn: null };
  const file = masterKeyFile(dir);
  if (existsSync(file)) return { key: parse(file), madeIn: null };
  if (!mayMake || existsSync(storeFile(dir))) {
    throw new Error(`The master key is missing: put ${file} back from where you keep it, or set masterKey.`);
  }
  makeFolder(dir);
  const key = random(keyBytes);
  try {
    writeWhole(file, `${key.toString('base64')}\n`);
  } catch (error) {
    // Another process made the file since `existsSync`.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return { key: parse(file), madeIn: null };
    throw error;
  }
  return { key, madeIn: file };
}

function parse(file: string): Buffer {
  const text = readIfText(file).trim();
  if (!/^[\w+/-]{43}=?$/.test(text)) {
    throw new Error(`${file} holds no master key (32 bytes in base64): put the right one back.`);
  }
  return Buffer.from(text, 'base64');
}

function readIfText(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    if (error instanceof NoTextError) return '';
    throw withExplanation(error, file, 'read');
  }
}

/**
 * Writes the whole file or none: the text gets its name only when it is complete, so no process reads a part of a key.
 */
function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  makeFile(draft);
  writeFileSync(draft, text);
  try {
    linkSync(draft, file);
  } finally {
    unlinkSync(draft);
  }
  syncFile(file);
}
