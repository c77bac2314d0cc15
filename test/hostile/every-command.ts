import { ApplicationCommandOptionType as Type, type APIApplicationCommandOption } from 'discord.js';
import { commands } from '../../commands/index.ts';
import type { GivenOptions } from '../../playground/discord/control/command-options.ts';
import { createCommandTable } from '../../src/discord/framework/command-table.ts';
import type { BotWorld } from '../support/bot-world.ts';

type Option = APIApplicationCommandOption & {
  readonly options?: readonly Option[];
  readonly choices?: readonly { readonly value: string | number }[];
  readonly autocomplete?: boolean;
  readonly min_value?: number;
};
/** What the id options of a command are given. */
export type Ids = Readonly<Record<'license' | 'product' | 'apikey' | 'entry' | 'who' | 'from' | 'into', string>>;

const table = createCommandTable(commands, {});
/** Every command and subcommand. */
export const tasks = [...table.tasks.values()];

/** `license issue` and the like, with its options. */
export const optionsOf: ReadonlyMap<string, readonly Option[]> = new Map(
  table.definitions.flatMap((definition) =>
    leaves(definition.name, ('options' in definition ? (definition.options ?? []) : []) as readonly Option[]),
  ),
);

function leaves(path: string, options: readonly Option[]): readonly (readonly [string, readonly Option[]])[] {
  const inner = options.filter(({ type }) => type === Type.Subcommand || type === Type.SubcommandGroup);
  return inner.length === 0
    ? [[path, options]]
    : inner.flatMap((one) => leaves(`${path} ${one.name}`, one.options ?? []));
}

const texts: Readonly<Record<string, string>> = {
  what: 'all',
  key: 'limits.ip',
  value: '7',
  term: '30d',
  extend: '30d',
  name: 'Anew',
  ip: '198.51.100.1',
};

function valueFor(world: BotWorld, option: Option, ids: Ids): string | number | boolean {
  if (option.name in ids && option.type === Type.String) return ids[option.name as keyof Ids];
  if (option.choices && option.choices.length > 0) return option.choices[0]!.value;
  const { buyerId, staffRoleId, channelId } = world;
  switch (option.type) {
    case Type.User:
    case Type.Mentionable:
      return buyerId;
    case Type.Role:
      return staffRoleId;
    case Type.Channel:
      return channelId;
    case Type.Boolean:
      return false;
    case Type.Integer:
    case Type.Number:
      return option.min_value ?? 1;
    default:
      return texts[option.name] ?? '1';
  }
}

/** What a command needs, and every option that takes an id. */
export function optionsFor(world: BotWorld, name: string, ids: Ids): GivenOptions {
  const wanted = (optionsOf.get(name) ?? []).filter(({ required, name: option }) => required === true || option in ids);
  return Object.fromEntries(wanted.map((option) => [option.name, valueFor(world, option, ids)]));
}
