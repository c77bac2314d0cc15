export { count as counted } from '../../texts/count.ts';
export { utcInstant as moment } from '../../texts/text-format.ts';

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * One line of text without control characters. Names, notes and HWIDs come from strangers, who could otherwise send
 * escape sequences to the terminal of the person who lists them.
 */
export function escapeControl(text: string): string {
  return text.replace(
    unprintable,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** The same for a text of several lines, whose line breaks stay. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeControl).join('\n');
}

/** A title with a `label  value` line per field below it; fields whose value is null are omitted. */
export function card(title: string, fields: readonly (readonly [label: string, value: string | null])[]): string {
  const shown = fields.flatMap(([label, value]) =>
    value === null ? [] : [[escapeControl(label), escapeControl(value)] as const],
  );
  const width = Math.max(0, ...shown.map(([label]) => label.length));
  const lines = shown.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
  return [escapeControl(title), ...lines].join('\n');
}
