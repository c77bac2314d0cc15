import { readFileSync } from 'node:fs';

/** Raised where the bytes of a file are no text. */
export class NoTextError extends Error {
  override readonly name = 'NoTextError';
}

export type TextEncoding = 'utf-8' | 'utf-16';

/**
 * The text of a file, by default UTF-8, or UTF-16 where a byte order mark says so, as PowerShell and Notepad write it. The
 * mark is not part of the text. Throws NoTextError for other bytes, which are never replaced.
 */
export function readText(file: string, encodings: readonly TextEncoding[] = ['utf-8', 'utf-16']): string {
  const bytes = readFileSync(file);
  const encoding = encodings.includes('utf-16') ? encodingOf(bytes) : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new NoTextError(`${file} is not UTF-8 text`, { cause: error });
  }
}

function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
