/** At most so many UTF-16 units, as Discord counts, with `…` where something is missing; never half a character. */
export function ellipsize(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
