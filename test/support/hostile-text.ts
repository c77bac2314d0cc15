/** A name as an attacker might choose it who wants a message of the bot to say or do something else. */
export const hostileText =
  'x](https://evil.example) **loud** `c` ```b``` ||hid|| ~~s~~ _i_ <@1> <@&2> <t:0:R> @everyone [y](<https://evil.example>)';

/** Which parts of the hostile text Discord would act on in a message's text, instead of showing them. */
export function liveMarks(text: string): readonly string[] {
  const shown = withoutLiterals(text);
  return ['](', '://evil', '**loud', '||hid', '~~s', '_i_', '<@1>', '<@&2>', '<t:0', '@everyone', '`'].filter((mark) =>
    shown.includes(mark),
  );
}

/** The text without what Discord shows as it is: code blocks, code within lines, and characters after a backslash. */
function withoutLiterals(text: string): string {
  let shown = '';
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const literal = /^\\[^A-Za-z0-9\s]|^```[^]+?```|^(`+)(?!`)[^]*?[^`]\1(?!`)/.exec(rest)?.[0];
    if (literal === undefined) shown += rest.charAt(0);
    at += literal?.length ?? 1;
  }
  return shown;
}

/** All strings in a value: of a reply, an embed or a list. */
export function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
