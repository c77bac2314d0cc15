import { ellipsize } from './ellipsize.ts';

/** Controls, line separators, direction marks and lone surrogates: what breaks lines or turns them around. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;
const marks = /[\\*_~`|>#[\]()<@:+\-!]/g;

/**
 * Text that somebody else wrote, as it stands: one line, without markdown, links, mentions, timestamps or emoji codes,
 * cut to so many visible characters. `:` and `.` in addresses stay readable because the backslash is not shown.
 */
export function escapeText(text: string, maxLength = 100): string {
  const line = text.replace(invisible, ' ').trim();
  // A zero-width space keeps `@everyone` and `https://` from being what they look like.
  return ellipsize(line, maxLength)
    .replace(/@/g, '@\u200b')
    .replace(/:\/\//g, ':\u200b//')
    .replace(marks, (mark) => (mark === '@' || mark === ':' ? mark : `\\${mark}`));
}

/** The same as code: monospaced, easy to copy. */
export function codeText(text: string, maxLength = 100): string {
  const line = ellipsize(text.replace(invisible, ' ').trim(), maxLength).replace(/`/g, 'ˋ');
  return line === '' ? '` `' : `\`${line}\``;
}
