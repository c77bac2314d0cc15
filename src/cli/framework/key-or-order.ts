import { type Command, Option } from 'commander';
import { UsageError } from './errors.ts';

const orderOption = new Option('--order <text>', 'the license of this order, instead of <key>');

/**
 * Declares the arguments of a command that takes a license's key, or `--order` in its place. Commander cannot leave out a
 * first argument, so it gets all of them as optional, and `readArguments` checks them.
 */
export function addKeyOrOrder(command: Command, args: readonly string[]): void {
  for (const text of args) command.argument(`[${text.slice(1, -1)}]`);
  command.usage(`[options] ${args.join(' ')}`).addOption(orderOption);
}

/** The typed arguments, the first of them empty where `--order` stands for it. Ends the command where one is wrong. */
export function readArguments(
  command: Command,
  args: readonly string[],
  choices: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const hasOrder = command.opts<Readonly<Record<string, unknown>>>().order !== undefined;
  const typed = hasOrder ? ['', ...command.args] : command.args;
  if (typed.length > args.length) throw new UsageError('Give either <key> or --order, and not both.');
  for (const [index, text] of args.entries()) {
    const name = text.slice(1, -1);
    const value = typed[index];
    if (value === undefined) {
      command.error(`error: missing required argument '${name}'`, { code: 'commander.missingArgument' });
    } else if (choices[name]?.includes(value) === false) {
      const allowed = choices[name].join(', ');
      command.error(
        `error: command-argument value '${value}' is invalid for argument '${name}'. Allowed choices are ${allowed}.`,
        { code: 'commander.invalidArgument' },
      );
    }
  }
  return typed;
}
