import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const design = readFileSync('src/storage/mongo/DESIGN.md', 'utf8');
const files = [...new Set([...design.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file))];
const titles = [...design.matchAll(/^- `(test\/[^`]+)`: “(.+)”$/gm)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

test('every test file that the design of the store on MongoDB names exists', () => {
  expect(files.length).toBeGreaterThan(8);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

test('every test that it names by title is in that file', () => {
  expect(titles.length).toBeGreaterThan(20);
  expect(titles.filter(({ file, title }) => !readFileSync(file, 'utf8').includes(title))).toEqual([]);
});
