import type {
  APIApplicationCommandSubcommandOption,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
  RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord.js';
import type { Access, StaffAccess } from './access.ts';
import type { Modal, Post, Reply } from './reply.ts';
import type {
  AutocompleteCall,
  Choice,
  ComponentCall,
  CommandContext,
  GuildContext,
  MessageMenuCall,
  SlashCall,
  UserMenuCall,
} from './command-context.ts';

/*
 * What a file in commands/ exports: a definition for Discord, who may use it, and what it does. CONTRIBUTING.md says
 * how to write a command.
 */

type Visibility = 'private' | 'public';

interface Action<A extends Access, C extends CommandContext, Call> {
  readonly access: A;
  /** Whether others in the channel see the reply. */
  readonly reply: Visibility;
  /** A modal can only be the first response, so it is made before deferring. null: none, go on with `run`. */
  modal?(context: C & Call): Modal | null;
  /** Called after deferring, so it may take its time. A string is the content of the reply. */
  run(context: C & Call): Promise<Reply | string>;
}

interface Extras<C extends CommandContext> {
  /** At most 25 choices. Users who lack the access get none. */
  autocomplete?(context: C & AutocompleteCall): Promise<readonly Choice[]>;
  /** Handlers of buttons, selects and modals by name, which is unique in the program and at most 24 characters long. */
  readonly components?: Readonly<Record<string, ComponentHandler<C>>>;
}

/** A `buyer` command also works in DMs, so only the others are sure to run in a guild. */
type Anywhere<Call> = Action<'buyer', CommandContext, Call> & Extras<CommandContext>;
type InGuild<Call> = Action<StaffAccess | 'member', GuildContext, Call> & Extras<GuildContext>;
type Runs<Call> = Anywhere<Call> | InGuild<Call>;

export type ComponentHandler<C extends CommandContext = CommandContext> = ReplyHandler<C> | PostHandler<C>;

interface Component {
  /** Who may press; left out: who may use the command. Checked at each press. */
  readonly access?: Access;
  /** Of two presses of the same button one runs. Put it on everything that changes something. */
  readonly once?: boolean;
}

/** A component that answers who used it. */
export interface ReplyHandler<C extends CommandContext> extends Component {
  /** `update` changes the message that has the button or select; the others reply with a message of their own. */
  readonly reply: Visibility | 'update';
  modal?(context: C & ComponentCall): Modal | null;
  run(context: C & ComponentCall): Promise<Reply | string>;
}

/** For messages that must notify a user. The message that has the button stays as it is. */
interface PostHandler<C extends CommandContext> extends Component {
  readonly reply: 'post';
  readonly modal?: never;
  /** A string is shown to the user who pressed, alone, and nothing is posted. */
  run(context: C & ComponentCall): Promise<Post | string>;
}

interface Json<T> {
  toJSON(): T;
}

export type SlashCommand = Runs<SlashCall> & {
  readonly definition: Json<RESTPostAPIChatInputApplicationCommandsJSONBody>;
};
export type Subcommand = Runs<SlashCall> & { readonly definition: Json<APIApplicationCommandSubcommandOption> };
type UserMenu = Runs<UserMenuCall> & {
  readonly menu: 'user';
  readonly definition: Json<RESTPostAPIContextMenuApplicationCommandsJSONBody>;
};
type MessageMenu = Runs<MessageMenuCall> & {
  readonly menu: 'message';
  readonly definition: Json<RESTPostAPIContextMenuApplicationCommandsJSONBody>;
};

/** A slash command that is only its subcommands: `/license …`, `/product release …`. */
export interface CommandGroup {
  readonly name: string;
  readonly description: string;
  readonly subcommands: readonly Subcommand[];
  readonly groups?: readonly {
    readonly name: string;
    readonly description: string;
    readonly subcommands: readonly Subcommand[];
  }[];
}

export type Command = SlashCommand | CommandGroup | UserMenu | MessageMenu;
