import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js';
import { type Access, isStaffAccess, needsManageServer } from './access.ts';
import type { Modal, Post, Reply } from './reply.ts';
import type { Command, CommandGroup, ComponentHandler, Subcommand } from './command.ts';
import type { Choice, CommandContext } from './command-context.ts';

/** What runs on an interaction: a command, a subcommand, a menu, a button, a select or a modal. */
export interface Task {
  readonly name: string;
  readonly access: Access;
  readonly reply: 'private' | 'public' | 'update' | 'post';
  readonly once: boolean;
  readonly modal: ((context: CommandContext) => Modal | null) | null;
  readonly run: (context: CommandContext) => Promise<Reply | Post | string>;
  readonly autocomplete: ((context: CommandContext) => Promise<readonly Choice[]>) | null;
}

export interface CommandTable {
  /** By `name`, `name subcommand` or `name group subcommand`; menus by their name. */
  readonly tasks: ReadonlyMap<string, Task>;
  /** By the handler's name. */
  readonly handlers: ReadonlyMap<string, Task>;
  /** What is registered with Discord. */
  readonly definitions: readonly RESTPostAPIApplicationCommandsJSONBody[];
  /** What the subcommands of each registered command need, by the command's name. */
  readonly accesses: ReadonlyMap<string, readonly Access[]>;
}

const maxHandlerNameLength = 24;

/** `ownHandlers` belong to no command. Throws where two commands or handlers share a name: a programming error. */
export function createCommandTable(
  commands: readonly Command[],
  ownHandlers: Readonly<Record<string, ComponentHandler<never>>>,
): CommandTable {
  const tasks = new Map<string, Task>();
  const handlers = new Map<string, Task>();

  const add = (map: Map<string, Task>, task: Task) => {
    if (map.has(task.name)) throw new Error(`Two commands or handlers are named ${task.name}.`);
    map.set(task.name, task);
  };
  const addHandlers = (access: Access, components: Readonly<Record<string, ComponentHandler<never>>>) => {
    for (const [name, component] of Object.entries(components)) {
      if (name.length > maxHandlerNameLength || name.includes('|')) throw new Error(`${name} cannot name a handler.`);
      add(handlers, toTask(name, component.access ?? access, component));
    }
  };
  for (const [name, command] of commands.flatMap(namedActions)) {
    add(tasks, toTask(name, command.access, command));
    addHandlers(command.access, command.components ?? {});
  }
  addHandlers('manager', ownHandlers);
  const definitions = commands.map(toDefinition);
  const accesses = new Map(commands.map((command, index) => [definitions[index]?.name ?? '', accessesOf(command)]));
  return { tasks, handlers, definitions, accesses };
}

type Actionable = Exclude<Command, CommandGroup> | Subcommand;

function namedActions(command: Command): readonly (readonly [string, Actionable])[] {
  if (!('subcommands' in command)) return [[command.definition.toJSON().name, command]];
  const named = (path: string, subcommands: readonly Subcommand[]) =>
    subcommands.map((one) => [`${path} ${one.definition.toJSON().name}`, one] as const);
  const groups = (command.groups ?? []).flatMap((group) => named(`${command.name} ${group.name}`, group.subcommands));
  return [...named(command.name, command.subcommands), ...groups];
}

function accessesOf(command: Command): readonly Access[] {
  return namedActions(command).map(([, { access }]) => access);
}

/** `dispatch` gives each task the context that its access and its kind need; the types cannot express that here. */
function toTask(name: string, access: Access, action: Actionable | ComponentHandler<never>): Task {
  const { autocomplete, once } = { autocomplete: undefined, once: false, ...action };
  return {
    name,
    access,
    reply: action.reply,
    once,
    modal: action.modal ? (context) => action.modal?.(context as never) ?? null : null,
    run: (context) => action.run(context as never),
    autocomplete: autocomplete ? (context) => autocomplete(context as never) : null,
  };
}

function toDefinition(command: Command): RESTPostAPIApplicationCommandsJSONBody {
  const visibility = visibilityOf(accessesOf(command));
  if (!('subcommands' in command)) return { ...command.definition.toJSON(), ...visibility };
  const { name, description, subcommands, groups = [] } = command;
  const toJson = (list: readonly Subcommand[]) => list.map((one) => one.definition.toJSON());
  return {
    type: ApplicationCommandType.ChatInput,
    name,
    description,
    ...visibility,
    options: [
      ...groups.map((group) => ({
        type: ApplicationCommandOptionType.SubcommandGroup as const,
        name: group.name,
        description: group.description,
        options: toJson(group.subcommands),
      })),
      ...toJson(subcommands),
    ],
  };
}

/** Discord hides top-level commands only, so `dispatch` checks what each subcommand needs. */
function visibilityOf(accesses: readonly Access[]) {
  const isForDms = accesses.includes('buyer');
  return {
    default_member_permissions: neededPermission(accesses)?.toString() ?? null,
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild, ...(isForDms ? [InteractionContextType.BotDM] : [])],
  };
}

/** The permission that members need to see a command, unless the guild's administrators decide otherwise; null: none. */
function neededPermission(accesses: readonly Access[]): bigint | null {
  if (!accesses.every(isStaffAccess)) return null;
  return accesses.every(needsManageServer) ? PermissionFlagsBits.ManageGuild : PermissionFlagsBits.ModerateMembers;
}
