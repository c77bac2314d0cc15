import { expect, test } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { importProblem, layerOf } from '../../layers.ts';

const maxLines = 400;
const maxFiles = 30;

/** Everything that runs in production, by its path from the root. */
const files = globSync(['src/**/*.{ts,js}', 'commands/*.ts', 'events/*.ts', 'config/*.ts', 'index.js']).map((file) =>
  file.replaceAll('\\', '/'),
);
/** What a file imports: static, dynamic and type imports, and `export … from`. */
const importsOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/\b(?:from|import\(|import) ?\(?'([^']+)'/g)].map(
    ([, specifier = '']) => specifier,
  );
const targetOf = (file: string, specifier: string) => posix.normalize(posix.join(dirname(file), specifier));

const graph = new Map(
  files.map((file) => [
    file,
    importsOf(file)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => targetOf(file, specifier)),
  ]),
);

/** What a unit test has no use for: files, sockets, processes, databases and servers. */
const io =
  /^(?:node:(?:fs|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|cluster|sqlite)(?:\/|$)|(?:mongoose|mongodb|express|discord\.js|ws)(?:\/|$))/;
const unitTests = globSync('test/unit/**/*.ts').map((file) => file.replaceAll('\\', '/'));

/** What a test file imports itself and through files of test/ that it imports, as `file → specifier`. */
function testImportsOf(file: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return importsOf(file).flatMap((specifier) => {
    const target = targetOf(file, specifier);
    const further = specifier.startsWith('.') && target.startsWith('test/') ? testImportsOf(target, seen) : [];
    return [`${file} → ${specifier}`, ...further];
  });
}

/** The files of one cycle, in order; null: there is none. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of edges.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of edges.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return null;
}

test('every file of the program is in a layer', () => {
  expect(files.length).toBeGreaterThan(400);
  expect(files.filter((file) => layerOf(file) === null)).toEqual([]);
});

test('every import goes where the layer table allows', () => {
  const problems = files.flatMap((file) =>
    importsOf(file).flatMap((specifier) => {
      const problem = importProblem(file, specifier);
      return problem === null ? [] : [`${file} → ${specifier}: ${problem}`];
    }),
  );
  expect(problems).toEqual([]);
});

test.each([
  ['src/domain/check.ts', '../integration/offers.ts'],
  ['src/services/records.ts', '../storage/mongo/audit.ts'],
  ['src/storage/sqlite/audit.ts', 'mongoose'],
  ['src/discord/bot.ts', '../../commands/index.ts'],
  ['src/http/server.ts', '../cli/cli.ts'],
  ['src/domain/check.ts', 'node:fs'],
])('the layer table refuses that %s imports %s', (file, specifier) => {
  expect(importProblem(file, specifier)).not.toBeNull();
});

test('there are no import cycles', () => {
  expect(findCycle(graph)).toBeNull();
});

test('the search for cycles finds one', () => {
  const edges = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b']],
  ]);
  expect(findCycle(edges)).toEqual(['b', 'c', 'b']);
});

test(`no file is longer than ${maxLines} lines`, () => {
  const long = [...files, ...globSync(['test/**/*.ts', 'playground/**/*.ts', 'bench/**/*.ts'])].filter(
    (file) => readFileSync(file, 'utf8').split('\n').length - 1 > maxLines,
  );
  expect(long).toEqual([]);
});

test('no unit test does I/O, but for this one, which reads the source', () => {
  expect(unitTests.length).toBeGreaterThan(20);
  const imports = unitTests
    .filter((file) => file !== 'test/unit/imports.test.ts')
    .flatMap((file) => testImportsOf(file));
  expect(imports.filter((one) => io.test(one.split(' → ')[1] ?? ''))).toEqual([]);
});

test(`no folder of the program holds more than ${maxFiles} files beside its rooms`, () => {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  // One file per command, in a list that is read from top to bottom.
  for (const list of ['commands', 'src/cli']) counts.delete(list);
  expect([...counts].filter(([, count]) => count > maxFiles)).toEqual([]);
});
