import { foldKey, type KeyFormat, keyAlphabet, keyReadings } from './key-format.ts';

/** Why a text is no key of a format, though it is nearly one. */
export interface KeyNearMiss {
  /** How many letters and digits the text has after the prefix. */
  readonly length: number;
  /** How many a key of the format has there. */
  readonly keyLength: number;
  /** How many of them stand between two hyphens; 0: keys of the format have no hyphens. */
  readonly groupLength: number;
  /** Characters of the text that no key of the format has, because they look like others: `0`, `1`, `I`, `L`, `O`. */
  readonly lookAlikes: string;
}

const lookAlike = /^[01ILO]$/;
/** Below this length a format has so few keys that every text of some characters is near one of them. */
const minKeyLength = 10;
/** By how many characters a text may be too short or too long where keys have no groups. */
const maxDifference = 3;

/**
 * What is wrong with a typed key that misses a group or some characters, has too many, or holds characters that look
 * like others. null: it has the form of a key, or is far from it.
 */
export function keyNearMiss(text: string, format: KeyFormat): KeyNearMiss | null {
  if (format.length < minKeyLength) return null;
  const prefix = format.prefix.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const alphabet = keyAlphabet(format);
  const groupLength = format.hyphenEvery < format.length ? format.hyphenEvery : 0;
  // The last reading has no label in front.
  const folded = foldKey(keyReadings(text).at(-1) ?? '');
  const random = folded.startsWith(prefix) ? folded.slice(prefix.length) : folded;
  const strange = [...new Set(random)].filter((character) => !alphabet.includes(character));
  const difference = Math.abs(random.length - format.length);
  const isNear = difference <= (groupLength || maxDifference) && random.length * 2 >= format.length;
  if (!isNear || !strange.every((character) => lookAlike.test(character))) return null;
  if (difference === 0 && strange.length === 0) return null;
  return { length: random.length, keyLength: format.length, groupLength, lookAlikes: strange.sort().join('') };
}
