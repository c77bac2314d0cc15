/** Control and format characters, line separators and lone surrogates: what no line of text should hold. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Whether a text is one line without invisible characters. */
export function isPrintable(text: string): boolean {
  return !unprintable.test(text);
}

/** Printable ASCII holds no format characters and is in NFC. */
const plain = /^[ -~]*$/;
/** Printable ASCII with single blanks. */
const plainName = /^[!-~]+(?: [!-~]+)*$/;
const formatCharacters = /\p{Cf}/gu;

/**
 * The one form of texts that look the same to people: in Unicode NFC, without format characters (zero-width blanks,
 * direction marks, soft hyphens), and without outer white space.
 */
export function canonicalText(text: string): string {
  return plain.test(text) ? text.trim() : text.replace(formatCharacters, '').normalize('NFC').trim();
}

/** A name as it is stored and asked for: as `canonicalText`, and blanks of all kinds in a row are one blank. */
export function canonicalName(text: string): string {
  return plainName.test(text) ? text : canonicalText(text).replace(/\s+/gu, ' ');
}

/** The first `max` UTF-16 units of a text, without half a character at the end. Lone surrogates become U+FFFD. */
export function cutText(text: string, max: number): string {
  const cut = text.slice(0, max);
  return (text.length > max ? cut.replace(/[\ud800-\udbff]$/, '') : cut).toWellFormed();
}

/** The form in which names of products and orders of shops are compared: as `canonicalName`, in lower case. */
export function foldName(name: string): string {
  return foldText(canonicalName(name));
}

/** The form in which HWIDs and declared texts are compared: trimmed, in Unicode NFC and lower case. */
export function foldText(text: string): string {
  if (plain.test(text)) return text.trim().toLowerCase();
  return text.trim().normalize('NFC').toLowerCase().normalize('NFC');
}

/**
 * The form in which texts of licenses are searched for a part of them: as `foldName`, and both small letters sigma are
 * one, because which of them a capital becomes depends on what follows it.
 */
export function foldSearched(text: string): string {
  return plainName.test(text) ? text.toLowerCase() : foldName(text).replaceAll('ς', 'σ').toWellFormed();
}

/** The known name that is most like a mistyped one; null: none is similar enough. */
export function nearestName<T extends string>(typed: string, names: readonly T[]): T | null {
  const folded = typed.trim().slice(0, 100).toLowerCase();
  const ranked = names
    .map((name) => ({ name, distance: editDistance(folded, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : null;
}

/** The Levenshtein distance: how many characters to insert, delete or replace. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
