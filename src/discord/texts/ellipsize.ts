/** Cuts a text to `maxLength` UTF-16 units, as Discord counts, ends it with `…`, and never splits a character. */
export function ellipsize(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
