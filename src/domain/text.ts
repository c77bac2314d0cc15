/** Control and format characters, line separators and lone surrogates: what no line of text should hold. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Nothing in it is invisible or breaks its line. */
export function isPrintable(text: string): boolean {
  return !unprintable.test(text);
}

/** At most so many UTF-16 units, never half a character; lone surrogates become U+FFFD. */
export function cutText(text: string, max: number): string {
  const cut = text.slice(0, max);
  return (text.length > max ? cut.replace(/[\ud800-\udbff]$/, '') : cut).toWellFormed();
}

/** How product names are compared, and texts and HWIDs by blacklists: trimmed, Unicode NFC, lower case. */
export function foldText(text: string): string {
  return text.trim().normalize('NFC').toLowerCase().normalize('NFC');
}

/** The known name that is nearest to a mistyped one, or null where none is near. */
export function nearestName<T extends string>(typed: string, names: readonly T[]): T | null {
  const wanted = typed.trim().slice(0, 100).toLowerCase();
  const ranked = names
    .map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : null;
}

/** Levenshtein's. */
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
