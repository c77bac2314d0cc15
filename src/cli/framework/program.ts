import { Argument, Command, Option } from 'commander';
import { type CliOutput, renderAnswer } from './output.ts';
import { createCall, createClosedCall, type CliCommand, type ClosedCall } from './command.ts';
import type { CliContext } from './context.ts';
import { refuseWith } from './errors.ts';
import { writePiece } from './write-chunk.ts';

const nouns: Readonly<Record<string, string>> = {
  guild: 'Discord servers that this installation serves',
  settings: 'what a guild has set',
  product: 'what is sold',
  release: 'versions of a product',
  license: 'licenses and their keys',
  user: 'Discord users as customers of a guild',
  blacklist: 'who is kept out',
  apikey: 'secrets that client programs send',
};

/** Commander's program for these commands; `finish` learns the exit code of the one that ran. */
export function createProgram(
  commands: readonly CliCommand[],
  context: CliContext,
  finish: (exitCode: number) => void,
): Command {
  const program = new Command('latchkey')
    .description('A self-hosted license manager.')
    .version(context.version)
    .enablePositionalOptions()
    .addHelpText('after', '\n`latchkey start`, or `latchkey` alone, starts the server.');
  settle(program, context);
  for (const command of commands) addCommand(program, command, context, finish);
  return program;
}

/** Commander copies these to subcommands only when they are made; every one is set by hand instead. */
function settle(command: Command, { stdout, stderr }: CliContext): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
  });
}

function addCommand(program: Command, spec: CliCommand, context: CliContext, finish: (exitCode: number) => void): void {
  const [words, args] = splitUsage(spec.usage);
  const name = words.at(-1) ?? '';
  const command = groupOf(program, words.slice(0, -1), context).command(name).description(spec.describes);
  settle(command, context);
  for (const text of args) {
    const argument = new Argument(text);
    const choices = spec.choices?.[argument.name()];
    if (choices) argument.choices(choices);
    command.addArgument(argument);
  }
  for (const { flags, describes, choices, parse, required } of spec.options ?? []) {
    const option = new Option(flags, describes);
    if (choices) option.choices(choices);
    if (parse) option.argParser(parse);
    command.addOption(required ? option.makeOptionMandatory() : option);
  }
  command.option('--guild <id>', 'the guild; may be left out where there is one');
  command.option('--json', 'print one JSON value');
  if (spec.notes !== undefined) command.addHelpText('after', `\n${spec.notes}`);

  command.action(async () => {
    const options = command.opts<Readonly<Record<string, unknown>>>();
    const call = createClosedCall(context, command.args, options);
    finish(await runCommand(spec, call, options.json === true));
  });
}

async function runCommand(spec: CliCommand, call: ClosedCall, asJson: boolean): Promise<number> {
  if ('runClosed' in spec) return writeAnswer(await spec.runClosed(call), call.context, asJson);
  const opened = await call.context.open().catch(refuseWith('store-not-opened'));
  try {
    return await writeAnswer(await spec.run(createCall(call, opened)), call.context, asJson);
  } finally {
    await opened.close();
  }
}

async function writeAnswer(answer: CliOutput, { stdout }: CliContext, asJson: boolean): Promise<number> {
  for await (const piece of renderAnswer(answer, asJson)) await writePiece(stdout, piece);
  return answer.exitCode ?? 0;
}

function splitUsage(usage: string): [words: readonly string[], args: readonly string[]] {
  const parts = usage.split(' ');
  const isArgument = (part: string) => part.startsWith('<') || part.startsWith('[');
  return [parts.filter((part) => !isArgument(part)), parts.filter(isArgument)];
}

function groupOf(program: Command, words: readonly string[], context: CliContext): Command {
  let group = program;
  for (const word of words) {
    let next = group.commands.find((command) => command.name() === word);
    if (!next) {
      next = group.command(word).description(nouns[word] ?? '');
      settle(next, context);
    }
    group = next;
  }
  return group;
}
