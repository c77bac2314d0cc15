import type {
  APIApplicationCommandSubcommandOption,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
  RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord.js';
import type { Access, StaffAccess } from './access.ts';
import type { Reply, Modal } from './reply.ts';
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
 * How to write a command
 *
 * A file in commands/ is named after its command or subcommand (`help.ts`, `license-suspend.ts`) and exports it:
 *
 *   export const licenseSuspend: Subcommand = {
 *     definition: new SlashCommandSubcommandBuilder().setName('suspend')…,
 *     access: 'license.suspend',
 *     reply: 'private',
 *     run: async (context) => {
 *       const done = await context.services.licenses.suspend({ ...context.by, … });
 *       if (!done.ok) return describeRefusal(done.error);
 *       const undo = undoButton(context, 'license-suspend-undo', [done.value.license.id]);
 *       return changeReply(context, done.value.effectIds, describeSuspended(done.value), { buttons: [undo] });
 *     },
 *     components: { 'license-suspend-undo': { reply: 'update', once: true, run: … } },
 *   };
 *
 * - `access` is all there is to permissions. It also decides where a command shows: staff and `member` commands in guilds,
 *   `buyer` also in DMs, staff commands to Moderate Members. With a staff or `member` access the context is a GuildContext.
 *   For what depends on options ask `context.missing(action)` or `context.isManager`.
 * - Subcommands are put together in a CommandGroup (`license.ts`); commands/index.ts lists commands, groups and menus.
 * - Everything is deferred before `run`, so take the time you need; `reply` says whether others see the answer. A string is
 *   an answer's content. What is thrown becomes one sentence with a reference, and the log has the error under it.
 * - A modal can only be the first answer: `modal` is asked before deferring and sees options or state, nothing else.
 *   null means: no modal, go on with `run`.
 * - Words live in pure `describe…` functions of the same file (or src/discord/texts/ where shared). User-written text goes
 *   through `escapeText` or `codeText`; keys stand in `content` or files only, never in embeds, which *Post here* posts.
 * - Buttons, selects and modals: `context.customId('handler', [state])` with a handler named in `components` of any command
 *   (unique in the program; at most 24 characters). State is in the custom id, signed, for the person who asked only,
 *   and works after a restart. About 35 characters fit; more goes through `context.keep`.
 *   A handler has its command's access unless it says otherwise, asked anew at each press.
 * - `reply` of a handler: `update` changes the message that has the button; `private` and `public` answer beside it.
 *   `once: true`: of two presses of the same button exactly one runs. Put it on everything that changes something.
 * - Ask first: `askFirst` (confirm.ts). Undo: `undoButton` (undo.ts). Lists: `pageRow` (pages.ts).
 * - Autocomplete gives up to 25 choices, internal ids as values. Who lacks the access gets none.
 */

type Visibility = 'private' | 'public';

interface Action<A extends Access, C extends CommandContext, Call, R = Visibility> {
  readonly access: A;
  readonly reply: R;
  modal?(context: C & Call): Modal | null;
  run(context: C & Call): Promise<Reply | string>;
}

interface Extras<C extends CommandContext> {
  autocomplete?(context: C & AutocompleteCall): Promise<readonly Choice[]>;
  readonly components?: Readonly<Record<string, ComponentHandler<C>>>;
}

/** By access: in a guild, or anywhere. */
type Anywhere<Call> = Action<'buyer', CommandContext, Call> & Extras<CommandContext>;
type InGuild<Call> = Action<StaffAccess | 'member', GuildContext, Call> & Extras<GuildContext>;
type Runs<Call> = Anywhere<Call> | InGuild<Call>;

export interface ComponentHandler<C extends CommandContext = CommandContext> {
  /** Its command's where left out. */
  readonly access?: Access;
  readonly reply: Visibility | 'update';
  readonly once?: boolean;
  modal?(context: C & ComponentCall): Modal | null;
  run(context: C & ComponentCall): Promise<Reply | string>;
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
