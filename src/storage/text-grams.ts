import type { License } from '../domain/license.ts';
import { foldSearched } from '../domain/values/text.ts';

/** The texts of a license in which a part is searched for. */
export type SearchedTexts = Pick<License, 'name' | 'note' | 'order'>;

/** How a part of a text is looked up among the grams of licenses. */
export type PartLookup =
  /** Licenses that have all of these grams. */
  | { readonly type: 'grams'; readonly grams: readonly string[] }
  /** The part is shorter than a gram: licenses that have a gram which begins with it. */
  | { readonly type: 'prefix'; readonly prefix: string };

const gramLength = 3;
/** With more grams than these a look-up takes longer and hardly finds fewer licenses. */
const maxGrams = 12;
const surrogate = /[\ud800-\udfff]/;

function textsOf({ name, note, order }: SearchedTexts): readonly string[] {
  return [name, note, order].filter((text) => text !== null).map(foldSearched);
}

/**
 * The grams by which a license is found: what begins at each character of its texts, three characters of the folded
 * text each, fewer at its end. So every part of a text is a gram, the beginning of one, or made of several.
 */
export function gramsOf(texts: SearchedTexts): readonly string[] {
  const grams = new Set<string>();
  for (const text of textsOf(texts)) {
    const characters = surrogate.test(text) ? Array.from(text) : null;
    for (let start = 0; start < (characters ?? text).length; start += 1) {
      const gram = characters?.slice(start, start + gramLength).join('') ?? text.slice(start, start + gramLength);
      grams.add(gram);
    }
  }
  return [...grams];
}

/** How licenses with a part in their texts are found. It may find others as well, which `hasPart` sorts out. */
export function lookupOf(foldedPart: string): PartLookup {
  const characters = Array.from(foldedPart);
  if (characters.length < gramLength) return { type: 'prefix', prefix: foldedPart };
  const all = partGramsOf(foldedPart);
  // Those that follow each other, and those between two words: texts with both words, but apart, lack these.
  const telling = all.filter(
    (gram, start) => start % gramLength === 0 || start === all.length - 1 || gram.includes(' '),
  );
  const step = Math.max(1, telling.length / maxGrams);
  const grams = telling.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
  return { type: 'grams', grams: [...new Set(grams)] };
}

/** All grams of a part, which every text with that part has. A part that is shorter than a gram has none. */
export function partGramsOf(foldedPart: string): readonly string[] {
  const characters = Array.from(foldedPart);
  return characters.slice(gramLength - 1).map((_, start) => characters.slice(start, start + gramLength).join(''));
}

/** Whether one of the texts has the part, which `foldSearched` made, in it. */
export function hasPart(texts: SearchedTexts, foldedPart: string): boolean {
  return textsOf(texts).some((text) => text.includes(foldedPart));
}
