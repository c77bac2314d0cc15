import type { Guild } from '../../domain/guild.ts';
import type { Services } from '../../services/services.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { UsageError, unwrap } from './errors.ts';
import { escapeControl } from './format.ts';
import type { CliOutput } from './output.ts';

export interface CliOption {
  /** In commander's notation: `--name <text>`. */
  readonly flags: string;
  readonly description: string;
  /** The allowed values; commander rejects any other with a usage error. */
  readonly choices?: readonly string[];
  /**
   * Converts the typed text; `previous` is the value of an option that was given before. It throws commander's
   * InvalidArgumentError for a text that it cannot convert.
   */
  readonly parse?: (text: string, previous: unknown) => unknown;
  readonly required?: true;
}

interface CommandDefinition {
  /** The words of the command and its arguments: `license edit <key>`. */
  readonly usage: string;
  readonly description: string;
  /** The allowed values of an argument, by the argument's name; any other value is a usage error. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  readonly options?: readonly CliOption[];
  /** The first argument is a license, which `--order` can name instead of its key or id. */
  readonly takesOrder?: true;
  /** A paragraph that `--help` prints below the options. */
  readonly notes?: string;
}

/** One command of `latchkey`. Most run on an open store; those with `runWithoutStore` open it themselves or not at all. */
export type CliCommand = CommandDefinition &
  (
    | {
        readonly run: (call: StoreCall) => Promise<CliOutput>;
        /** The command makes the store where there is none. All others then end with the folder that they looked at. */
        readonly makesStore?: true;
      }
    | { readonly runWithoutStore: (call: CliCall) => Promise<CliOutput> }
  );

/** One call of a command: the typed arguments and options, and the process that it runs in. */
export interface CliCall {
  readonly context: CliContext;
  /** The argument at this index, counted from 0; an empty text where it was omitted. */
  argument(index: number): string;
  text(option: string): string | undefined;
  /** What an option's `parse` made. */
  parsed(option: string): unknown;
  number(option: string): number | undefined;
  /** undefined where neither `--x` nor `--no-x` was given. */
  flag(option: string): boolean | undefined;
  /** Writes one sentence to stderr. The command goes on, and stdout stays valid JSON under `--json`. */
  readonly warn: (sentence: string) => void;
}

/** A call of a command that runs on an open store. */
export interface StoreCall extends CliCall {
  readonly services: Services;
  readonly storage: Storage;
  /** The guild of `--guild`, or the only one in the store. Ends the command where neither is clear. */
  findGuild(): Promise<Guild>;
}

export function createCliCall(
  context: CliContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): CliCall {
  return {
    context,
    argument: (index) => args[index] ?? '',
    text: (option) => options[option] as string | undefined,
    parsed: (option) => options[option],
    number: (option) => options[option] as number | undefined,
    flag: (option) => options[option] as boolean | undefined,
    warn: (sentence) => context.stderr.write(`${escapeControl(sentence)}\n`),
  };
}

export function createStoreCall(call: CliCall, { services, storage }: OpenedStore): StoreCall {
  return {
    ...call,
    services,
    storage,
    findGuild: async () => unwrap(await services.guilds.find(call.text('guild') ?? null)),
  };
}

export const yesOption: CliOption = { flags: '--yes', description: 'confirm: do it without asking' };

/**
 * Guards a change that is hard to undo. Without `--yes` it ends the command with a sentence that names the loss, so that
 * a mistyped command deletes nothing.
 */
export function requireYes(call: CliCall, loss: string): void {
  if (call.flag('yes') !== true) throw new UsageError(`${loss} Repeat with --yes to do it.`, 'needs-yes');
}
