import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readPage } from '../support/docs-commands.ts';

const root = join(import.meta.dirname, '../..');
const text = readPage('CONTRIBUTING.md').replaceAll(/^```ts\n[\s\S]*?^```$/gm, '');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Files that the recipes tell their reader to make. */
const examples = [/\bacme\b/, /^commands\/license-count\.ts$/, /-region-mismatch\.json$/];

test('the guide for contributors names only files and folders that are there', () => {
  const named = [...text.matchAll(/`((?:src|test|config|docs|commands|events)\/[\w./-]*)`/g)].map(
    ([, path = '']) => path,
  );
  const made = named.filter((path) => !examples.some((example) => example.test(path)));
  expect(made.length).toBeGreaterThan(50);
  expect(made.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('the guide for contributors names only scripts that npm has', () => {
  const named = [...text.matchAll(/\bnpm run ([\w:]+)/g)].map(([, script = '']) => script);
  expect(named).toContain('bench');
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});

test('the tests that recipes are checked with are there', () => {
  const commands = [...text.matchAll(/npm test -- ((?:test\/\S+? ?)+)`/g)].map(([, paths = '']) => paths);
  expect(commands.length).toBeGreaterThan(4);
  expect(commands.flatMap((paths) => paths.split(' ')).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
