import { foldText } from './text.ts';

/**
 * What mainboards and libraries report where a machine has no serial number of its own. Such a HWID identifies no machine:
 * any number of machines have it.
 */
const placeholders: ReadonlySet<string> = new Set([
  'to be filled by o.e.m.',
  'to be filled by o.e.m',
  'default string',
  'system serial number',
  'system product name',
  'base board serial number',
  'chassis serial number',
  'not applicable',
  'not available',
  'not specified',
  'not settable',
  'none',
  'null',
  'undefined',
  'unknown',
  'n/a',
  'o.e.m.',
  '123456789',
  '1234567890',
  '0123456789',
  '03000200-0400-0500-0006-000700080009',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  // The MD5, SHA-1 and SHA-256 of no bytes at all: what a program sends that hashes a missing value.
  'd41d8cd98f00b204e9800998ecf8427e',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
]);

/** `00000000-0000-…`, `FF:FF:FF:FF:FF:FF`, `xxxxxxxx`: one character over and over. */
const oneCharacter = /^([0fx])\1{3,}$/;

/** Whether a HWID is a placeholder instead of a machine's own. Letter case and outer blanks do not count. */
export function isPlaceholderHwid(hwid: string): boolean {
  const folded = foldText(hwid);
  return folded === '' || placeholders.has(folded) || oneCharacter.test(folded.replace(/[\s:.{}_-]/g, ''));
}
