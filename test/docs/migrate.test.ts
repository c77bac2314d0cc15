import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { CommanderError } from 'commander';
import { commands } from '../../src/cli/command-list.ts';
import type { CliContext } from '../../src/cli/framework/context.ts';
import { createProgram } from '../../src/cli/framework/program.ts';
import { createProtocols } from '../../src/http/protocols/protocols.ts';
import { useCommandLine } from '../support/command-line.ts';
import { blockCommands, inlineCommands, readPage, shellBlocks } from '../support/docs-commands.ts';
import { noContext } from '../support/protocol-context.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const commandLine = useCommandLine();
const folder = useTemporaryFolders();
const guides = createProtocols(noContext).map(({ name }) => `docs/migrate/${name}.md`);
const pages = ['README.md', 'docs/clients.md', 'docs/migrate/README.md', ...guides];

const challengeKey = fileURLToPath(new URL('../support/challenge-key.pem', import.meta.url));

/** A line of a guide's `licenses.csv`, by the variables into which its loop reads it. */
type Line = ReadonlyMap<string, string>;

/** The content of a guide's `licenses.csv`. */
function csvOf(page: string): string {
  return /^```csv\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '';
}

function linesOf(page: string): readonly Line[] {
  const names = /read -r ([\w ]+) \|\|/.exec(page)?.[1]?.split(' ') ?? [];
  const lines = csvOf(page).trim().split('\n');
  return lines.map((line) => new Map(line.split(',').map((value, column) => [`$${names[column] ?? '?'}`, value])));
}

/** The arguments as the shell and the seller's disk would give them. */
function filledIn(argv: readonly string[], line: Line = new Map()): readonly string[] {
  return argv.map((word) => {
    if (word === 'challenge.pem') return challengeKey;
    return word.replaceAll(/\$[a-z]+/g, (name) => line.get(name) ?? name);
  });
}

const isLoop = (block: string) => block.includes('while IFS=');

/** Runs a guide's loop in a shell over this file, and returns the `latchkey` commands that it would run. */
function runLoop(page: string, file: string | Buffer): readonly (readonly string[])[] {
  const dir = folder();
  const log = join(dir, 'log');
  writeFileSync(join(dir, 'licenses.csv'), file);
  writeFileSync(log, '');
  writeFileSync(join(dir, 'npx'), `#!/bin/sh\nprintf '%s\\0' "$@" >>log\nprintf '\\n\\0' >>log\n`, { mode: 0o755 });
  const env = { PATH: `${dir}${delimiter}${process.env.PATH ?? ''}` };
  for (const block of shellBlocks(page).filter(isLoop)) execFileSync('sh', ['-c', block], { cwd: dir, env });
  const commands = readFileSync(log, 'utf8').split('\n\0').slice(0, -1);
  return commands.map((words) => words.split('\0').slice(1, -1));
}

/** The commands of the guide, in order: those of the loop as the shell runs them over its file. */
function runsOf(page: string): readonly (readonly string[])[] {
  const [first] = linesOf(page);
  return shellBlocks(page).flatMap((block) =>
    isLoop(block)
      ? runLoop(page, csvOf(page))
      : blockCommands(`\`\`\`sh\n${block}\`\`\`\n`).map((argv) => filledIn(argv, first)),
  );
}

/** Rejects where the command line would report a usage error. */
async function parse(argv: readonly string[]): Promise<void> {
  const nowhere = new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
  // No command runs, so nothing else of the context is read.
  const context = { stdout: nowhere, stderr: nowhere, version: '1.2.3' } as Partial<CliContext> as CliContext;
  const idle = commands.map((command) => ({
    ...command,
    runWithoutStore: () => Promise.resolve({ json: {}, text: '' }),
  }));
  const program = createProgram(idle, context, () => undefined);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    // Help was asked for.
    if (!(error instanceof CommanderError && error.exitCode === 0)) throw error;
  }
}

test('there is a guide for every protocol, and no other', () => {
  const files = readdirSync(new URL('../../docs/migrate', import.meta.url)).map((file) => `docs/migrate/${file}`);
  expect(files.toSorted()).toEqual([...guides, 'docs/migrate/README.md'].toSorted());
});

test('a command that does not exist fails', async () => {
  const [argv = []] = blockCommands('```sh\nnpx latchkey licence issue --product "My plugin" </dev/null\n```\n');
  expect(argv).toEqual(['licence', 'issue', '--product', 'My plugin']);
  await expect(parse(argv)).rejects.toThrow('unknown command');
});

describe.each(pages)('%s', (path) => {
  const page = readPage(path);

  test.each([...blockCommands(page), ...inlineCommands(page)].map((argv) => [argv.join(' '), argv] as const))(
    'latchkey %s',
    async (_line, argv) => {
      await expect(parse(argv)).resolves.toBeUndefined();
    },
  );

  test('shows commands', () => {
    expect([...blockCommands(page), ...inlineCommands(page)]).not.toEqual([]);
  });
});

describe.each(guides)('%s', (path) => {
  const page = readPage(path);

  test('does what it says, one command after the other, in an empty store', async () => {
    const line = commandLine({ input: 'an-api-key-of-the-old-system\n' });
    for (const argv of runsOf(page)) {
      const { exitCode, err } = await line.run(...argv);
      if (exitCode !== 0) throw new Error(`latchkey ${argv.join(' ')}: ${err}`);
    }
    const { licenses } = await line.json<{ licenses: readonly { readonly id: number }[] }>('license', 'list');
    expect(licenses).toHaveLength(linesOf(page).length);
    const states = new Set<string>();
    for (const file of linesOf(page)) {
      const { license } = await line.json<{ license: object }>('license', 'show', `key:${file.get('$key') ?? ''}`);
      const owner = file.get('$owner');
      // The clock of these tests is in March 2026.
      const hasEnded = file.get('$expires')?.startsWith('2025-') ?? false;
      const state = hasEnded ? 'expired' : file.get('$state')!;
      states.add(state);
      expect(license).toMatchObject({ key: file.get('$key'), owner: owner === 'none' ? null : owner, state });
    }
    expect([...states]).toEqual(expect.arrayContaining(['active', 'suspended', 'expired']));
  });

  const csv = csvOf(page);
  const windows = csv.replaceAll('\n', '\r\n');
  test.each<[string, string]>([
    ['without a line end after the last line', csv.trimEnd()],
    ['with a byte order mark', `\uFEFF${csv}`],
    ['with Windows line ends', windows],
    ['with all of these', `\uFEFF${windows.trimEnd()}`],
    ['with blank lines', `${csv.replaceAll('\n', '\n\n')}\r\n`],
  ])('reads a file %s like any other', (_, file) => {
    const commands = runLoop(page, csv);
    expect(commands.filter(([noun, verb]) => noun === 'license' && verb === 'issue')).toHaveLength(
      linesOf(page).length,
    );
    expect(runLoop(page, file)).toEqual(commands);
  });
});
