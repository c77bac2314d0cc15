import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { quoteText } from '../../src/integration/literals.ts';
import { isLocalUrl } from '../../src/integration/local-url.ts';
import { languageNames, languages, systemNames, systems } from '../../src/integration/offers.ts';
import { renderSample } from '../../src/integration/render-sample.ts';

const templates = new URL('../../src/integration/templates/', import.meta.url);
const templateOf = (file: string) => readFileSync(new URL(`${file}.template`, templates), 'utf8');
const anything = fc.string({ unit: 'binary' });

describe('a text in source code', () => {
  test('means in JavaScript exactly the text, whatever it is', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(runInNewContext(quoteText(text, 'javascript'))).toBe(text);
      }),
    );
  });

  test.each(languageNames)('ends nothing and starts nothing in %s: one line of ASCII without quotes', (language) => {
    fc.assert(
      fc.property(anything, (text) => {
        const literal = quoteText(text, language);
        const [open, close] = language === 'curl' ? ["$'", "'"] : ['"', '"'];
        expect(literal.startsWith(open) && literal.endsWith(close)).toBe(true);
        const inside = literal.slice(open.length, -close.length);
        expect(inside).toMatch(/^[\x20-\x7e]*$/);
        expect(inside).not.toMatch(/["'`$]/);
        // Of escapes nothing but codes: no backslash stands for itself, and none is before the closing quote.
        expect(
          inside.replace(/\\(?:u\{[0-9a-f]{1,6}\}|U[0-9a-f]{8}|u[0-9a-f]{4}|x[0-9a-f]{2}|\d{3})/g, ''),
        ).not.toContain('\\');
      }),
    );
  });

  const written = [
    ['javascript', '"\\u{22}\\u{5c}\\u{a}\\u{24}{x}\\u{1f600}"'],
    ['python', '"\\U00000022\\U0000005c\\U0000000a\\U00000024{x}\\U0001f600"'],
    ['java', '"\\042\\134\\012\\044{x}\\ud83d\\ude00"'],
    ['php', '"\\u{22}\\u{5c}\\u{a}\\u{24}{x}\\u{1f600}"'],
    ['lua', '"\\034\\092\\010\\036{x}\\240\\159\\152\\128"'],
    ['csharp', '"\\u0022\\u005c\\u000a\\u0024{x}\\ud83d\\ude00"'],
    ['curl', "$'\\x22\\x5c\\x0a\\x24{x}\\xf0\\x9f\\x98\\x80'"],
  ] as const;
  test.each(written)('is written in %s with its own escapes', (language, literal) => {
    expect(quoteText('"\\\n${x}😀', language)).toBe(literal);
  });
});

describe('a template', () => {
  const values = {
    server: 'https://license.example.com',
    apiKey: 'K',
    productName: 'Plugin',
    productNumber: 7,
    productUuid: 'U',
    version: '1.0.0',
    teamId: 'T',
    userId: 'abc',
    publicKeyPem: 'P',
    publicKeyDer: 'D',
    modulus: 'ff',
    exponent: 65537,
    modulusBase64: '/w==',
    exponentBase64: 'AQAB',
    salt: 'T:',
    sharedMachineIds: '0000 1111',
    stateFile: 'U.txt',
  };
  const each = languageNames.flatMap((language) => systemNames.map((system) => [language, system] as const));

  test('there is one for every language, and no other', () => {
    const files = languageNames.map((language) => `${languages[language].file}.template`);
    expect(readdirSync(templates).sort()).toEqual(files.sort());
  });

  test.each(each)('in %s for %s has nothing left to fill in or decide', (language, system) => {
    const { code, excerpt } = renderSample(templateOf(languages[language].file), system, language, values);
    expect(code).not.toMatch(/\{\{|\}\}\n?$|^\s*(?:\/\/|--)?#(?:if|end|excerpt)/m);
    expect(code).toMatch(/[^\n]\n$/);
    expect(code.includes('PUBLIC_KEY') || /modulus/i.test(code)).toBe(['lukittu', 'licensegate'].includes(system));
    expect(excerpt).toContain('license.example.com');
    expect(excerpt.includes('scope auth')).toBe(system === 'tki');
    expect(code).toMatch(/[^.\d](?:5|5000)\b/);
    expect(code).toContain('24 * 60 * 60');
  });

  test('that asks for what there is not is a mistake in the program', () => {
    expect(() => renderSample('x = {{secret}}', 'tki', 'python', values)).toThrow('secret');
  });
});

test('the guide names every system and every language with its file', () => {
  const guide = readFileSync(new URL('../../docs/integrate.md', import.meta.url), 'utf8');
  const rows = guide.split('\n').filter((line) => line.startsWith('| '));
  for (const system of systemNames)
    expect(rows.filter((row) => row.startsWith(`| ${systems[system].title} `))).toHaveLength(1);
  for (const language of languageNames) {
    const { title, file } = languages[language];
    expect(rows.filter((row) => row.startsWith(`| ${title} `) && row.includes(`\`${file}\``))).toHaveLength(1);
  }
});

test('an address is local where nobody else can reach it', () => {
  const local = [
    '127.0.0.1:3000',
    'localhost',
    '0.0.0.0:80',
    '[::1]',
    '10.1.2.3',
    '192.168.1.5:3000',
    '[fd00::1]',
    'nas',
  ];
  const far = ['license.example.com', '8.8.8.8:3000', '[2606:4700::1111]', 'localhost.example.com', '10.example.com'];
  expect(local.filter((host) => !isLocalUrl(`http://${host}`))).toEqual([]);
  expect(far.filter((host) => isLocalUrl(`http://${host}`))).toEqual([]);
});
