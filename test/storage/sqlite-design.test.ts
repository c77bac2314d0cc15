import { expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'src/storage/sqlite/DESIGN.md'), 'utf8');

/** Each test file that the page names, with the titles in quotes that follow it on its line. */
const named = [...page.matchAll(/`(test\/[\w/.-]+\.ts)`([^`\n]*)/g)].map(([, file = '', after = '']) => ({
  file,
  titles: [...after.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
}));

test('the design page names tests for its promises', () => {
  expect(named.length).toBeGreaterThan(15);
});

test.each(named)('the design page names tests that exist: $file', ({ file, titles }) => {
  expect(existsSync(join(root, file))).toBe(true);
  const source = readFileSync(join(root, file), 'utf8');
  expect(titles.filter((title) => !source.includes(title))).toEqual([]);
});
