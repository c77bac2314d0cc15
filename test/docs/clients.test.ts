import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Protocol } from '../../src/domain/attempt.ts';
import { denials } from '../../src/domain/denial.ts';
import { type Reason, unknownGuildReasons } from '../../src/http/protocols/possible-reasons.ts';
import { createProtocols } from '../../src/http/protocols/protocols.ts';
import { configOf } from '../support/command-line.ts';
import { readPage } from '../support/docs-commands.ts';
import { noContext } from '../support/protocol-context.ts';

const page = readPage('docs/clients.md');
const spoken = createProtocols(noContext);
const unknownGuild = Object.values(unknownGuildReasons).flat();

const titles: Readonly<Record<Protocol, string>> = {
  tki: 'TKI Auth',
  faxstore: 'FaxStore',
  sunlicense: 'SunLicense',
  lukittu: 'Lukittu',
  licensegate: 'LicenseGate',
};

/** The words of a denial's body by which a client recognises the reason. */
const wordsOf: Readonly<Record<Protocol, (body: never) => readonly (string | undefined)[]>> = {
  tki: ({ message }: { message: string }) => [message],
  faxstore: ({ status, details }: { status: string; details: string }) => [
    status,
    details.replace(/ - https?:.*$/, ''),
  ],
  sunlicense: ({ message }: { message: string }) => [message],
  lukittu: ({ result: { code, details } }: { result: { code: string; details: string } }) => [code, details],
  licensegate: ({ result, error }: { result?: string; error?: string }) => [result ?? error],
};

interface Row {
  readonly status: number;
  readonly words: readonly string[];
  readonly reasons: readonly string[];
  readonly sentence: string;
}

interface ShownDenial {
  readonly reason: Reason;
  readonly status: number;
  readonly words: readonly (string | undefined)[];
}

function sectionOf(title: string): string {
  return page.split(/^## /m).find((section) => section.startsWith(`${title}\n`)) ?? '';
}

function cellsOf(section: string): readonly (readonly string[])[] {
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function codesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

function rowsOf(protocol: Protocol): readonly Row[] {
  return cellsOf(sectionOf(titles[protocol])).map(([status = '', words = '', reasons = '', sentence = '']) => ({
    status: Number(status),
    words: codesIn(words),
    reasons: codesIn(reasons),
    sentence,
  }));
}

/** `<name>` in a row stands for any text. */
function says(row: Row, { status, words }: Pick<ShownDenial, 'status' | 'words'>): boolean {
  const pattern = row.words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/<\w+>/g, '.+'));
  return row.status === status && new RegExp(`^${pattern.join('\n')}$`).test(words.join('\n'));
}

function read(protocol: Protocol, reason: Reason, status: number, body: string): ShownDenial {
  return { reason, status, words: wordsOf[protocol](JSON.parse(body) as never) };
}

/** The denials that the golden exchanges have seen on the wire. */
function seenOnTheWire(protocol: Protocol): readonly ShownDenial[] {
  const folder = new URL(`../wire/golden/${protocol}/`, import.meta.url);
  return readdirSync(folder).flatMap((file) => {
    const { covers, response } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
      readonly covers: Reason | 'granted' | null;
      readonly response: { readonly status: number; readonly body: string };
    };
    if (covers === null || covers === 'granted' || response.body === '') return [];
    return [read(protocol, covers, response.status, response.body)];
  });
}

test('the page for client authors has a row for every denial, with what it means and who can fix it', () => {
  const rows = cellsOf(sectionOf('Why a check is refused'));
  expect(rows.map(([reason = '']) => codesIn(reason).join())).toEqual([...denials]);
  for (const row of rows) expect(row.filter((cell) => cell !== '')).toHaveLength(3);
});

test('the page for client authors names every reason of requests whose seller is unknown', () => {
  const section = sectionOf('Why a check is refused');
  for (const reason of unknownGuild) expect(codesIn(section)).toContain(reason);
});

describe.each(spoken)('the page for client authors, $name', ({ name, routes }) => {
  const rows = rowsOf(name);
  const ofUnknownGuilds = routes.flatMap(({ auth, renderDenial }) =>
    unknownGuildReasons[auth].map((reason) => {
      const { status, body } = renderDenial(reason, null, null);
      return read(name, reason, status, body);
    }),
  );
  const seen = [...seenOnTheWire(name), ...ofUnknownGuilds];

  test('has every answer that the adapter has words for', () => {
    for (const { renderDenial } of routes) {
      for (const reason of [...denials, ...unknownGuild]) {
        const { status, body } = renderDenial(reason, null, null);
        const denial = read(name, reason, status, body);
        expect([denial, rows.filter((row) => says(row, denial)).length]).toEqual([denial, 1]);
      }
    }
  });

  test('has every answer that can be seen on the wire in a row with its reason', () => {
    const missing = seen.filter((denial) => {
      return !rows.some((row) => row.reasons.includes(denial.reason) && says(row, denial));
    });
    expect(missing).toEqual([]);
  });

  test('has no answer and no reason that cannot be seen on the wire', () => {
    const made = rows.flatMap((row) =>
      row.reasons.filter((reason) => !seen.some((denial) => denial.reason === reason && says(row, denial))),
    );
    expect(made).toEqual([]);
    expect(rows.filter(({ reasons }) => reasons.length === 0)).toEqual([]);
  });

  test('has a sentence for the user in every row', () => {
    for (const { sentence } of rows) expect(sentence).toMatch(/^[A-Z][^`<>]+\.$/);
  });

  test('names its routes', () => {
    for (const { path } of routes) expect(sectionOf(titles[name])).toContain(path);
  });
});

test('the page for client authors has the rate limits and the guard as they are unless changed', () => {
  const { rateLimit, guard } = configOf();
  const section = sectionOf('Rate limits');
  const told = cellsOf(section).map(([system = '', perMinute]) => [system, Number(perMinute)]);
  expect(told).toEqual(spoken.map(({ name }) => [titles[name], rateLimit[name]]));
  const { failures, windowMinutes, blockMinutes } = guard;
  const sentence = `more than ${failures} different unknown keys, API keys or ids within ${windowMinutes} minutes is guarded for ${blockMinutes} minutes`;
  expect(section.replaceAll(/\s+/g, ' ')).toContain(sentence);
});

test('the page for client authors says for every system what a grant is', () => {
  const told = cellsOf(sectionOf('Granted, refused, undecided')).map(([system]) => system);
  expect(told).toEqual(spoken.map(({ name }) => titles[name]));
});
