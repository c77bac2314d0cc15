import { readdirSync } from 'node:fs';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { CommanderError } from 'commander';
import { commands } from '../../src/cli/command-list.ts';
import type { CliContext } from '../../src/cli/framework/context.ts';
import { createProgram } from '../../src/cli/framework/program.ts';
import { createProtocols } from '../../src/http/protocols/protocols.ts';
import { useCommandLine } from '../support/command-line.ts';
import { blockCommands, inlineCommands, readPage } from '../support/docs-commands.ts';
import { noContext } from '../support/protocol-context.ts';

const commandLine = useCommandLine();
const guides = createProtocols(noContext).map(({ name }) => `docs/migrate/${name}.md`);
const pages = ['README.md', 'docs/clients.md', 'docs/migrate/README.md', ...guides];

const challengeKey = fileURLToPath(new URL('../support/challenge-key.pem', import.meta.url));

/** A line of a guide's `licenses.csv`, by the variables into which its loop reads it. */
type Line = ReadonlyMap<string, string>;

function linesOf(page: string): readonly Line[] {
  const names = /read -r ([^;]+);/.exec(page)?.[1]?.split(' ') ?? [];
  const [, file = ''] = /^```csv\n([\s\S]*?)^```$/m.exec(page) ?? [];
  return file
    .trim()
    .split('\n')
    .map((line) => new Map(line.split(',').map((value, column) => [`$${names[column] ?? '?'}`, value])));
}

/** The arguments as the shell and the seller's disk would give them. */
function filledIn(argv: readonly string[], line: Line): readonly string[] {
  return argv.map((word) => {
    if (word === 'challenge.pem') return challengeKey;
    return word.replaceAll(/\$[a-z]+/g, (name) => line.get(name) ?? name);
  });
}

/** The commands of the guide, in order: those of the loop once for each line of the file. */
function runsOf(page: string): readonly (readonly string[])[] {
  const lines = linesOf(page);
  return blockCommands(page).flatMap((argv) => {
    const isInLoop = argv.some((word) => word !== '$key' && word.startsWith('$'));
    const runs = (isInLoop ? lines : lines.slice(0, 1)).map((line) => filledIn(argv, line));
    // The loop skips this command for lines without an owner.
    return runs.filter(([noun, , owner]) => !(noun === 'user' && owner === 'none'));
  });
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

test.each(guides)('the commands of %s do what they say, one after the other, in an empty store', async (path) => {
  const page = readPage(path);
  const line = commandLine({ input: 'an-api-key-of-the-old-system\n' });
  for (const argv of runsOf(page)) {
    const { exitCode, err } = await line.run(...argv);
    if (exitCode !== 0) throw new Error(`latchkey ${argv.join(' ')}: ${err}`);
  }
  const { licenses } = await line.json<{ licenses: readonly { readonly id: number }[] }>('license', 'list');
  expect(licenses).toHaveLength(linesOf(page).length);
  for (const file of linesOf(page)) {
    const { license } = await line.json<{ license: object }>('license', 'show', `key:${file.get('$key') ?? ''}`);
    const owner = file.get('$owner');
    expect(license).toMatchObject({ key: file.get('$key'), owner: owner === 'none' ? null : owner });
  }
});
