import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readPage } from '../support/docs-commands.ts';

const root = join(import.meta.dirname, '../..');
const entries = [...readPage('docs/glossary.md').matchAll(/^- \*\*([^*]+)\*\*: ((?:.+\n)(?: {2}.+\n)*)/gm)].map(
  ([, term = '', text = '']) => ({ term, text: text.replaceAll(/\s+/g, ' ').trim() }),
);

test('every term of the glossary is defined once, and by a file that is there', () => {
  expect(entries.length).toBeGreaterThan(50);
  const terms = entries.map(({ term }) => term);
  expect(terms.filter((term, index) => terms.indexOf(term) !== index)).toEqual([]);
  const withoutFile = entries.filter(({ text }) => {
    const [, file] = /\. \[([^\]]+)\]\(\.\.\/\1\)$/.exec(text) ?? [];
    return file === undefined || !existsSync(join(root, file));
  });
  expect(withoutFile).toEqual([]);
});
