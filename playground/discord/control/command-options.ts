import {
  ApplicationCommandOptionType as Type,
  type APIApplicationCommand,
  type APIApplicationCommandOption,
} from 'discord-api-types/v10';
import { asText } from '../validate/check-fields.ts';
import { fileRecord } from '../rest/message-content.ts';
import type { World } from '../world/world.ts';
import { ClientRejection } from './client-rejection.ts';
import type { Resolved } from './resolved.ts';

/** A file that a user attaches. */
export interface GivenFile {
  readonly name: string;
  readonly data: string | Buffer;
  readonly contentType?: string;
}

/** The values of a command's options, by option name. Users, roles and channels are given by their id. */
export type GivenOptions = Readonly<Record<string, string | number | boolean | GivenFile | undefined>>;

type Option = APIApplicationCommandOption & {
  readonly options?: readonly APIApplicationCommandOption[];
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[];
  readonly autocomplete?: boolean;
  readonly min_value?: number;
  readonly max_value?: number;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly channel_types?: readonly number[];
};

export interface OptionContext {
  readonly world: World;
  readonly channelId: string;
  readonly resolved: Resolved;
  /** For autocomplete, the option that the user is typing in. No option is required then, and its value is unchecked. */
  readonly focused?: string;
}

/**
 * Builds `data.options` of an interaction for the subcommands in `path` and the given values. Throws a `ClientRejection`
 * for values that Discord's client would not send.
 */
export function buildOptions(
  command: APIApplicationCommand,
  path: readonly string[],
  given: GivenOptions,
  context: OptionContext,
): object[] {
  const [next, ...rest] = path;
  const options = (command.options ?? []) as readonly Option[];
  const nested = options.filter(({ type }) => type === Type.Subcommand || type === Type.SubcommandGroup);
  if (next === undefined) {
    if (nested.length > 0) throw new ClientRejection('unknown-command', `/${command.name} needs a subcommand`);
    return buildValues(options, given, context);
  }
  const found = nested.find(({ name }) => name === next);
  if (!found) throw new ClientRejection('unknown-command', `/${command.name} has no ${next}`);
  const inner = { ...command, options: found.options ?? [] } as APIApplicationCommand;
  return [{ type: found.type, name: found.name, options: buildOptions(inner, rest, given, context) }];
}

function buildValues(options: readonly Option[], given: GivenOptions, context: OptionContext): object[] {
  for (const name of Object.keys(given)) {
    if (given[name] !== undefined && !options.some((option) => option.name === name)) {
      throw new ClientRejection('unknown-option', `there is no option ${name}`);
    }
  }
  const missing = options.find(({ name, required }) => required === true && given[name] === undefined);
  if (missing && context.focused === undefined)
    throw new ClientRejection('missing-option', `${missing.name} is required`);
  return options.flatMap((option) => {
    const value = given[option.name];
    if (value === undefined) return [];
    const focused = option.name === context.focused;
    if (focused && option.autocomplete !== true)
      throw new ClientRejection('wrong-option', `${option.name} has no autocomplete`);
    // Discord sends an unfinished value as text, whatever the type of the option.
    if (focused) return [{ type: option.type, name: option.name, value: asText(value), focused: true }];
    return [{ type: option.type, name: option.name, value: checkedValue(option, value, context) }];
  });
}

function checkedValue(option: Option, value: GivenOptions[string], context: OptionContext): unknown {
  const wrong = (why: string) => new ClientRejection('wrong-option', `${option.name}: ${why}`);
  if (option.choices && option.choices.length > 0 && !option.choices.some((choice) => choice.value === value)) {
    throw wrong(`${asText(value)} is not one of its choices`);
  }
  switch (option.type) {
    case Type.String: {
      if (typeof value !== 'string' || value === '') throw wrong('a text is needed');
      const [min, max] = [option.min_length ?? 0, option.max_length ?? 6_000];
      if (value.length < min || value.length > max) throw wrong(`${min} to ${max} characters are needed`);
      return value;
    }
    case Type.Integer:
    case Type.Number: {
      if (typeof value !== 'number' || (option.type === Type.Integer && !Number.isInteger(value)))
        throw wrong('a number is needed');
      if (value < (option.min_value ?? -Infinity) || value > (option.max_value ?? Infinity))
        throw wrong('out of range');
      return value;
    }
    case Type.Boolean:
      if (typeof value !== 'boolean') throw wrong('true or false is needed');
      return value;
    case Type.Attachment: {
      if (typeof value !== 'object') throw wrong('a file is needed');
      const { name, data, contentType = '' } = value;
      const file = fileRecord(context.world, context.channelId, { name, contentType, data: Buffer.from(data) });
      context.world.uploads.set(file.attachment.id, file);
      context.resolved.addFile(file);
      return file.attachment.id;
    }
    default: {
      if (typeof value !== 'string') throw wrong('an id is needed');
      resolveId(option, value, context);
      return value;
    }
  }
}

function resolveId(option: Option, id: string, { resolved, world }: OptionContext): void {
  if (option.type === Type.User) resolved.addUser(id);
  else if (option.type === Type.Role) resolved.addRole(id);
  else if (option.type === Type.Mentionable) resolved.addMentionable(id);
  else {
    resolved.addChannel(id);
    const type = world.channels.get(id)?.type;
    if (option.channel_types && type !== undefined && !option.channel_types.includes(type)) {
      throw new ClientRejection('wrong-option', `${option.name}: not a channel of an allowed type`);
    }
  }
}
