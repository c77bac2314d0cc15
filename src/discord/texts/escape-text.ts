import { ellipsize } from './ellipsize.ts';

/** Control characters, line separators, direction marks and lone surrogates break lines or reverse them. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;
const markdown = /[\\*_~`|>#[\]()<@:+\-!]/g;

/**
 * Shows a user's text literally: in one line, without markdown, links, mentions, timestamps or emoji codes, cut to a
 * number of visible characters. `:` and `.` in addresses stay readable because the backslash is not shown.
 */
export function escapeText(text: string, maxLength = 100): string {
  const line = text.replace(invisible, ' ').trim();
  // A zero-width space keeps Discord from reading `@everyone` as a mention and `https://` as a link.
  return ellipsize(line, maxLength)
    .replace(/@/g, '@\u200b')
    .replace(/:\/\//g, ':\u200b//')
    .replace(markdown, (character) => (character === '@' || character === ':' ? character : `\\${character}`));
}

/** Shows a user's text literally as code: monospaced and easy to copy. */
export function codeText(text: string, maxLength = 100): string {
  const line = ellipsize(text.replace(invisible, ' ').trim(), maxLength).replace(/`/g, 'ˋ');
  return line === '' ? '` `' : `\`${line}\``;
}

/** Whether a code block shows the text as it is: three backticks would end the block. */
export function isSafeInCodeBlock(text: string): boolean {
  return !text.includes('```');
}

/** Lines of code, highlighted in a language. A zero-width space keeps three backticks in them from ending the block. */
export function codeBlock(code: string, language = ''): string {
  return `\`\`\`${language}\n${code.replace(/`(?=``)/g, '`\u200b')}\n\`\`\``;
}
