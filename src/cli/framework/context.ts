import type { Config } from '../../../config/schema.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import type { Result } from '../../domain/values/result.ts';
import type { Services } from '../../services/services.ts';
import type { Storage } from '../../storage/port/storage.ts';

/** Whether a command may make a store: never, in a folder without a sign of a former store, or in any. */
type NewStore = 'never' | 'where-none-was' | 'always';

export interface OpenedStore {
  readonly services: Services;
  readonly storage: Storage;
  close(): Promise<void>;
}

/** Where a store is: a folder for the embedded one, an address for MongoDB. */
export type StoreLocation =
  { readonly engine: 'sqlite'; readonly dir: string } | { readonly engine: 'mongodb'; readonly uri: string };

/** The progress of a copy within one kind of records. */
export interface CopyStep {
  readonly doing: 'copying' | 'comparing';
  readonly kind: string;
  readonly done: number;
  readonly total: number;
}

interface CopyListener {
  readonly onStep: (step: CopyStep) => void;
  readonly onWarning: (sentence: string) => void;
}

export interface CopiedStores {
  /** The names of the two stores for people; an address has its password removed. */
  readonly from: string;
  readonly to: string;
  /** The number of records and their checksum, by kind. */
  readonly copied: Readonly<Record<string, { readonly count: number; readonly sum: string }>>;
}

interface RegisterCommandsInput {
  readonly token: string;
  readonly storage: Storage;
  /** null: the commands of all guilds. */
  readonly guildId: string | null;
  /** Removes them instead. */
  readonly clear: boolean;
}

interface InspectCommandsInput {
  readonly token: string;
  readonly storage: Storage;
  readonly guildId: string;
  readonly settings: Settings;
}

/** How many slash commands Discord was given, and how many it had that are gone. */
export interface CommandRegistration {
  readonly registered: number;
  readonly removed: number;
}

/** What is wrong with the bot's commands in one guild. */
interface CommandInspection {
  /** Staff roles, with the commands that the settings allow them and Discord does not show them. */
  readonly hidden: readonly { readonly role: { readonly name: string }; readonly commands: readonly string[] }[];
  /** The commands that another program left in the guild. */
  readonly foreign: readonly string[];
}

/** Everything outside the command line that a command uses. Tests replace any of it. */
export interface CliContext {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly stdin: NodeJS.ReadableStream;
  readonly config: Config;
  readonly version: string;
  readonly now: () => Date;
  readonly platform: NodeJS.Platform;
  /**
   * Opens the configured store, also while a server runs on it. Rejects with a sentence where it must not be opened, or
   * where there is none and `newStore`, which is `never` when left out, does not let this command make one.
   */
  open(newStore?: NewStore): Promise<OpenedStore>;
  /** Whether a server runs on this store now. */
  isServerRunning(): Promise<boolean>;
  /**
   * Replaces the embedded store by a backup. `previous` is the folder that the replaced store was moved to; null: there
   * was no store. Rejects with a sentence where the backup must not be restored.
   */
  restore(file: string): Promise<{ readonly previous: string | null }>;
  /** Copies everything from one store to the other and compares them. Rejects with a sentence where it must not. */
  copyStore(from: StoreLocation, to: StoreLocation, listener: CopyListener): Promise<CopiedStores>;
  /** Whether there is a Discord user with this id. null: no token is set, or Discord does not say. */
  isDiscordUser(userId: string): Promise<boolean | null>;
  /** Registers the bot's slash commands with Discord, whose refusal is one sentence. */
  registerCommands(input: RegisterCommandsInput): Promise<Result<CommandRegistration, string>>;
  /** Asks Discord about the commands of a guild, as far as its staff sees them; its refusal is one sentence. */
  inspectCommands(input: InspectCommandsInput): Promise<Result<CommandInspection, string>>;
}
