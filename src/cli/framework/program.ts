import { Argument, Command, Option } from 'commander';
import { createCliCall, createStoreCall, type CliCall, type CliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { failWith } from './errors.ts';
import { addKeyOrOrder, readArguments } from './key-or-order.ts';
import { type CliOutput, renderOutput } from './output.ts';
import { writeChunk } from './write-chunk.ts';

const groupDescriptions: Readonly<Record<string, string>> = {
  guild: 'the Discord servers that this installation serves',
  settings: 'the settings of a guild',
  product: 'the products that are sold, and their releases',
  release: 'the versions of a product',
  license: 'licenses and their keys',
  user: 'Discord users as customers of a guild',
  blacklist: 'the addresses, machines, keys, users and countries that are denied',
  discord: 'the bot in Discord',
  apikey: 'the secrets with which client programs and panels authenticate',
};

/** Builds commander's program for these commands. `finish` gets the exit code of the command that ran. */
export function createProgram(
  commands: readonly CliCommand[],
  context: CliContext,
  finish: (exitCode: number) => void,
): Command {
  const program = new Command('latchkey')
    .description('A self-hosted license manager.')
    .version(context.version)
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\n`latchkey start`, or `latchkey` without a command, starts the server.\n' +
        'With --new-store it begins with an empty store in a folder that had one before.',
    );
  configureCommand(program, context);
  for (const command of commands) addCommand(program, command, context, finish);
  return program;
}

/**
 * Makes commander throw instead of ending the process, and write to the streams of the context. Subcommands inherit this
 * only at the moment when they are created, so it is called for each of them.
 */
function configureCommand(command: Command, { stdout, stderr }: CliContext): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
  });
}

function addCommand(
  program: Command,
  definition: CliCommand,
  context: CliContext,
  finish: (exitCode: number) => void,
): void {
  const [words, args] = splitUsage(definition.usage);
  const name = words.at(-1) ?? '';
  const group = findOrAddGroup(program, words.slice(0, -1), context);
  const command = group.command(name).description(definition.description);
  configureCommand(command, context);
  if (definition.takesOrder) addKeyOrOrder(command, args);
  for (const text of definition.takesOrder ? [] : args) {
    const argument = new Argument(text);
    const choices = definition.choices?.[argument.name()];
    if (choices) argument.choices(choices);
    command.addArgument(argument);
  }
  for (const { flags, description, choices, parse, required } of definition.options ?? []) {
    const option = new Option(flags, description);
    if (choices) option.choices(choices);
    if (parse) option.argParser(parse);
    command.addOption(required ? option.makeOptionMandatory() : option);
  }
  if ('makesStore' in definition) {
    command.option('--new-store', 'make an empty store, also in a folder that had one before');
  }
  command.option('--guild <id>', 'the guild; needed only where there are several');
  command.option('--json', 'print the result as one JSON value');
  if (definition.notes !== undefined) command.addHelpText('after', `\n${definition.notes}`);

  command.action(async () => {
    const options = command.opts<Readonly<Record<string, unknown>>>();
    const { takesOrder, choices = {} } = definition;
    const call = createCliCall(context, takesOrder ? readArguments(command, args, choices) : command.args, options);
    finish(await runCommand(definition, call, options.json === true));
  });
}

async function runCommand(definition: CliCommand, call: CliCall, asJson: boolean): Promise<number> {
  if ('runWithoutStore' in definition) {
    return writeOutput(await definition.runWithoutStore(call), call.context, asJson);
  }
  const newStore = definition.makesStore ? (call.flag('newStore') === true ? 'always' : 'where-none-was') : 'never';
  const opened = await call.context.open(newStore).catch(failWith('store-not-opened'));
  try {
    return await writeOutput(await definition.run(createStoreCall(call, opened)), call.context, asJson);
  } finally {
    await opened.close();
  }
}

async function writeOutput(output: CliOutput, { stdout }: CliContext, asJson: boolean): Promise<number> {
  for await (const chunk of renderOutput(output, asJson)) await writeChunk(stdout, chunk);
  return output.exitCode ?? 0;
}

function splitUsage(usage: string): [words: readonly string[], args: readonly string[]] {
  const parts = usage.split(' ');
  const isArgument = (part: string) => part.startsWith('<') || part.startsWith('[');
  return [parts.filter((part) => !isArgument(part)), parts.filter(isArgument)];
}

function findOrAddGroup(program: Command, words: readonly string[], context: CliContext): Command {
  let group = program;
  for (const word of words) {
    let next = group.commands.find((command) => command.name() === word);
    if (!next) {
      next = group.command(word).description(groupDescriptions[word] ?? '');
      configureCommand(next, context);
    }
    group = next;
  }
  return group;
}
