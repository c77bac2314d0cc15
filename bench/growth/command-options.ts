import { ApplicationCommandOptionType as Type, type APIApplicationCommandOption } from 'discord.js';
import { commands } from '../../commands/index.ts';
import { createCommandTable } from '../../src/discord/framework/command-table.ts';

type Option = APIApplicationCommandOption & {
  readonly options?: readonly Option[];
  readonly autocomplete?: boolean;
};

/** Every slash command by its name, `license issue` and the like, with the names of the options that complete. */
export function completedOptions(): ReadonlyMap<string, readonly string[]> {
  const { definitions } = createCommandTable(commands, {});
  return new Map(
    definitions.flatMap((definition) =>
      leaves(definition.name, ('options' in definition ? (definition.options ?? []) : []) as readonly Option[]),
    ),
  );
}

function leaves(path: string, options: readonly Option[]): readonly (readonly [string, readonly string[]])[] {
  const inner = options.filter(({ type }) => type === Type.Subcommand || type === Type.SubcommandGroup);
  const completed = options.flatMap(({ name, autocomplete }) => (autocomplete === true ? [name] : []));
  return inner.length === 0
    ? [[path, completed]]
    : inner.flatMap((one) => leaves(`${path} ${one.name}`, one.options ?? []));
}
