import type { LanguageName } from './offers.ts';

/** How a language writes a string literal. */
interface Quoting {
  readonly open: string;
  readonly close: string;
  /** What one escape sequence stands for. */
  readonly unit: 'character' | 'utf16' | 'byte';
  readonly escape: (code: number) => string;
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0');
const utf16: Omit<Quoting, 'escape'> = { open: '"', close: '"', unit: 'utf16' };
const braced: Quoting = { open: '"', close: '"', unit: 'character', escape: (code) => `\\u{${hex(code, 1)}}` };

const quotings: Readonly<Record<LanguageName, Quoting>> = {
  javascript: braced,
  python: { ...braced, escape: (code) => `\\U${hex(code, 8)}` },
  // Java translates \u escapes before it reads string literals, so \u0022 would end the string. Octal escapes are part
  // of it.
  java: {
    ...utf16,
    escape: (code) => (code < 0x100 ? `\\${code.toString(8).padStart(3, '0')}` : `\\u${hex(code, 4)}`),
  },
  php: braced,
  // Lua 5.1 has no \u escapes.
  lua: { open: '"', close: '"', unit: 'byte', escape: (code) => `\\${String(code).padStart(3, '0')}` },
  csharp: { ...utf16, escape: (code) => `\\u${hex(code, 4)}` },
  curl: { open: "$'", close: "'", unit: 'byte', escape: (code) => `\\x${hex(code, 2)}` },
};

/** Characters that need no escape in any of these languages, nor in the code block of a Discord message. */
const plain = /^[A-Za-z0-9 !#%&()*+,\-./:;<=>?@[\]^_{|}~]$/;

/** A string literal of the language that means exactly this text, on one line and in ASCII. */
export function quoteText(text: string, language: LanguageName): string {
  const { open, close, unit, escape } = quotings[language];
  const quoted = Array.from(text.toWellFormed(), (character) =>
    plain.test(character) ? character : codesOf(character, unit).map(escape).join(''),
  );
  return `${open}${quoted.join('')}${close}`;
}

function codesOf(character: string, unit: Quoting['unit']): readonly number[] {
  if (unit === 'byte') return [...Buffer.from(character, 'utf8')];
  if (unit === 'utf16') return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return [character.codePointAt(0) ?? 0];
}
