import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { configKeys, parseConfig } from '../../config/schema.ts';

const example = readFileSync(new URL('../../config/latchkey.example.yaml', import.meta.url), 'utf8');
const uncommented = example.replace(/^( *)#(?=\w)/gm, '$1');
const environmentOnly = ['discord.token', 'discord.clientId', 'discord.apiUrl', 'mongodbUri'];

function configOf(file: unknown) {
  return parseConfig({ env: {}, file, root: '/srv' });
}

test('copying the example changes nothing', () => {
  expect(configOf(parse(example))).toEqual(configOf(undefined));
});

test('every key of the example is known and shows its default', () => {
  expect(configOf(parse(uncommented))).toMatchObject({ ok: true });
  expect(configOf(parse(uncommented))).toEqual(configOf(undefined));
});

test('no key is missing from the example, and each has a comment above it', () => {
  const shown = shownKeys().map(([key]) => key);
  expect(shown.sort()).toEqual(configKeys.filter((key) => !environmentOnly.includes(key)).sort());
  expect(example.match(/^ *# .*\n *#\w/gm)).toHaveLength(shown.length);
});

test('only keys whose default is nothing are shown blank', () => {
  const result = configOf(undefined);
  for (const [key, value] of shownKeys()) {
    if (value === null) expect(result).toHaveProperty(`config.${key}`, null);
  }
});

function shownKeys(): [string, unknown][] {
  const sections = parse(uncommented) as Record<string, Record<string, unknown>>;
  return Object.entries(sections).flatMap(([section, keys]) =>
    configKeys.includes(section)
      ? [[section, keys] as [string, unknown]]
      : Object.entries(keys).map(([key, value]): [string, unknown] => [`${section}.${key}`, value]),
  );
}
