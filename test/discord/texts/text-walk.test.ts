import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { commands } from '../../../commands/index.ts';
import { createCommandTable } from '../../../src/discord/framework/command-table.ts';
import { textProblems, visibleTexts } from '../../support/text-rules.ts';
import { customerSamples } from './walk/customer-samples.ts';
import { discordSamples } from './walk/discord-samples.ts';
import { commandSamples } from './walk/command-samples.ts';
import { replySamples } from './walk/reply-samples.ts';
import { sharingSamples } from './walk/sharing-samples.ts';
import { sharedSamples } from './walk/shared-samples.ts';

const samples = [
  ...[...sharedSamples, ...discordSamples, ...replySamples],
  ...[...commandSamples, ...customerSamples, ...sharingSamples],
];

/** Where all functions make texts for people. */
const rooms = [
  'src/texts/*.ts',
  'src/discord/**/texts/*.ts',
  'src/discord/views/*.ts',
  'src/discord/log/describe-*.ts',
  'src/discord/effects/describe-*.ts',
  'src/services/alert-texts.ts',
];
/** Where those do whose names begin with `describe`. */
const others = ['commands/*.ts', 'src/discord/**/*.ts'];

/** The names of the functions of a file, exported ones or all, whose names match. */
function functionsIn(file: string, name: RegExp, isExported: boolean): readonly string[] {
  const declarations = readFileSync(file, 'utf8').matchAll(/^(export )?(?:async )?function (\w+)/gm);
  return [...declarations].flatMap(([, exported, found]) =>
    found !== undefined && name.test(found) && (!isExported || exported !== undefined) ? [found] : [],
  );
}

const samplesOf = (file: string) => samples.filter((one) => one.file === file).flatMap(({ names }) => names);

describe('every text function', () => {
  test.each(rooms.flatMap((room) => globSync(room)))('of %s has samples', (file) => {
    expect(functionsIn(file, /./, true).filter((name) => !samplesOf(file).includes(name))).toEqual([]);
  });

  test('of the commands and the rest of the bot is exported and has samples', () => {
    const inRooms = new Set(rooms.flatMap((room) => globSync(room)));
    const files = others.flatMap((pattern) => globSync(pattern)).filter((file) => !inRooms.has(file));
    const missing = files.flatMap((file) =>
      functionsIn(file, /^describe/, !file.startsWith('commands/'))
        .filter((name) => !samplesOf(file).includes(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(missing).toEqual(elsewhere);
  });
});

/** Texts of errors that a test elsewhere provokes. */
const elsewhere = [
  'src/discord/gateway/discord-errors.ts: describeFailure',
  'src/discord/gateway/discord-errors.ts: describeError',
];

const results = samples.flatMap(({ file, results: made }) =>
  made.map(([name, result]) => [`${file} ${name}`, result] as const),
);

test.each(results)('%s says what people read, with no, one and several of it', async (_, result) => {
  const texts = visibleTexts(await settle(result)).flatMap((text) => text.split('\n'));
  expect([...new Set(texts.flatMap(textProblems))]).toEqual([]);
});

/** Views promise their replies. */
async function settle(value: unknown): Promise<unknown> {
  const settled = await value;
  return Array.isArray(settled) ? Promise.all(settled.map(settle)) : settled;
}

test('what Discord shows of commands and their options says what people read', () => {
  const { definitions } = createCommandTable(commands, {});
  expect(visibleTexts(JSON.parse(JSON.stringify(definitions))).flatMap(textProblems)).toEqual([]);
});
