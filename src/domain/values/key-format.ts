import type { Settings } from '../settings/settings.ts';
import { randomText } from './random-text.ts';
import { canonicalText, foldText, isPrintable } from './text.ts';

/** The format of a guild's new keys. */
export interface KeyFormat {
  readonly prefix: string;
  /** How many random characters a key has, without prefix and hyphens. */
  readonly length: number;
  readonly letters: boolean;
  readonly digits: boolean;
  /** After how many random characters a hyphen stands; 0: no hyphens. */
  readonly hyphenEvery: number;
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const digitsWithLetters = '23456789';
const allDigits = '0123456789';
const maxKeyLength = 255;
const safeBits = 80;
const maxSuffixLength = 5;
const surrogate = /[\ud800-\udfff]/;
const lastGroup = /[^-\s]*$/;
const outerQuotes = /^[\s"'`“”„‘’‚«»]+|[\s"'`“”„‘’‚«»]+$/gu;

/** The key format that a guild has set. */
export function keyFormatOf(settings: Settings): KeyFormat {
  return {
    prefix: settings['key.prefix'],
    length: settings['key.length'],
    letters: settings['key.letters'],
    digits: settings['key.digits'],
    hyphenEvery: settings['key.hyphenEvery'],
  };
}

/** Why no key can be made in a format. */
export type KeyFormatProblem =
  | { readonly code: 'neither-letters-nor-digits' }
  /** `length` counts the prefix and the hyphens too. */
  | { readonly code: 'keys-too-long'; readonly length: number; readonly max: number };

/** Why no key can be made of these settings together; null: keys can be made. */
export function keyFormatProblem(format: KeyFormat): KeyFormatProblem | null {
  if (!format.letters && !format.digits) return { code: 'neither-letters-nor-digits' };
  const length = format.prefix.length + format.length + hyphenCount(format);
  return length > maxKeyLength ? { code: 'keys-too-long', length, max: maxKeyLength } : null;
}

/** How many random bits a key of this format holds. */
export function keyBits(format: KeyFormat): number {
  return format.length * Math.log2(keyAlphabet(format).length || 1);
}

/** The warning about a format whose keys can be guessed; null: they cannot. */
export function keyFormatWarning(format: KeyFormat): GuessableKeysWarning | null {
  const bits = Math.floor(keyBits(format));
  return bits < safeBits ? { code: 'guessable-keys', bits, safeBits } : null;
}

/** The keys of a format hold fewer random bits than are safe. */
export interface GuessableKeysWarning {
  readonly code: 'guessable-keys';
  readonly bits: number;
  readonly safeBits: number;
}

/** A new key. Throws where no key can be made in the format. */
export function generateKey(format: KeyFormat, randomBytes: (count: number) => Uint8Array): string {
  const problem = keyFormatProblem(format);
  if (problem !== null) throw new RangeError(`No key can be made in this format: ${problem.code}.`);
  const random = randomText(keyAlphabet(format), format.length, randomBytes);
  return format.prefix + groups(random, format.hyphenEvery).join('-');
}

/** Whether a key has this format. */
export function hasKeyFormat(key: string, format: KeyFormat): boolean {
  const alphabet = keyAlphabet(format);
  const random = key.slice(format.prefix.length).replaceAll('-', '');
  if (random.length !== format.length || !Array.from(random).every((character) => alphabet.includes(character))) {
    return false;
  }
  return key === format.prefix + groups(random, format.hyphenEvery).join('-');
}

/** A key as it is stored and looked up: as `canonicalText`. null: the text cannot be a key. */
export function normaliseKey(text: string): string | null {
  const key = canonicalText(text);
  const length = Array.from(key).length;
  return length >= 1 && length <= maxKeyLength && isPrintable(key) ? key : null;
}

/** Whether two keys differ at most in letter case. */
export function isSameKeyIgnoringCase(a: string, b: string): boolean {
  return foldText(a) === foldText(b);
}

/**
 * What is left of a key when people have typed, copied or quoted it: its letters and digits in upper case and in
 * Unicode's compatibility form (NFKC). Of a key without letters and digits, all of it.
 */
export function foldKey(key: string): string {
  const upper = key.normalize('NFKC').toUpperCase().normalize('NFKC');
  return upper.replace(/[^\p{L}\p{N}]+/gu, '').normalize('NFKC') || upper.trim();
}

/** A text without the quotes and backticks that people copy along with a key. */
export function withoutQuotes(text: string): string {
  return text.replace(outerQuotes, '');
}

/**
 * The texts that a typed or pasted key may be: the whole text, and what follows a label such as `Key:` in it. Quotes
 * around both are dropped.
 */
export function keyReadings(text: string): readonly string[] {
  const labelled = /^[^\p{N}]*?\bkey[*_~|`\s]*[:=]/isu.exec(text);
  const readings = labelled ? [text, text.slice(labelled[0].length)] : [text];
  return [...new Set(readings.map(withoutQuotes))].filter((reading) => reading !== '');
}

/** The only part of a key that is shown: its last group, at most 5 characters and at most a quarter of the key. */
export function keySuffix(key: string): string {
  // Almost no key has a character of two UTF-16 units, for which it has to be taken apart.
  const characters = surrogate.test(key) ? Array.from(key) : null;
  const count = Math.min(maxSuffixLength, Math.floor((characters ?? key).length / 4));
  if (count === 0) return '';
  const suffix = characters?.slice(-count).join('') ?? key.slice(-count);
  return suffix.slice(suffix.search(lastGroup));
}

/** A key as logs, embeds and lists show it: `…X9K2P`. */
export function maskKey(suffix: string): string {
  return `…${suffix}`;
}

/**
 * The characters that new keys of a format hold. Leaves out 0 and 1 where letters and digits mix, because they look like
 * O and I. Letters alone lack I and O too, since people may take them for digits.
 */
export function keyAlphabet(format: KeyFormat): string {
  if (!format.letters) return format.digits ? allDigits : '';
  return format.digits ? letters + digitsWithLetters : letters;
}

function hyphenCount(format: KeyFormat): number {
  return format.hyphenEvery === 0 ? 0 : Math.ceil(format.length / format.hyphenEvery) - 1;
}

function groups(text: string, size: number): string[] {
  if (size === 0) return [text];
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}
