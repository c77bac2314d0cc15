import type { CommandInteractionOptionResolver } from 'discord.js';
import { withoutQuotes } from '../../domain/values/key-format.ts';
import type { Options } from './command-context.ts';

type Resolver = Pick<CommandInteractionOptionResolver, 'get'>;

/** Reads options by name, null where left out. Also those of a command that is still being typed, for autocomplete. */
export function readOptions(resolver: Resolver): Options {
  const valueOf = (name: string) => resolver.get(name)?.value;
  const textOf = (name: string) => {
    const value = valueOf(name);
    return typeof value === 'string' ? value.trim() || null : null;
  };
  return {
    text: textOf,
    key: (name) => withoutQuotes(textOf(name) ?? '') || null,
    number: (name) => {
      const value = valueOf(name);
      // While an integer option with autocomplete is being typed, Discord sends its value as text.
      return typeof value === 'number' ? value : null;
    },
    flag: (name) => {
      const value = valueOf(name);
      return typeof value === 'boolean' ? value : null;
    },
    userId: textOf,
    user: (name) => resolver.get(name)?.user ?? null,
    roleId: textOf,
    channelId: textOf,
    file: (name) => resolver.get(name)?.attachment ?? null,
  };
}
