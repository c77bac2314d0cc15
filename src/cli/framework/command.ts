import type { Guild } from '../../domain/guild.ts';
import type { Services } from '../../services/services.ts';
import type { CliOutput } from './output.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { CliContext, Opened } from './context.ts';
import { UsageError, unwrap } from './errors.ts';
import { escapeControl } from './format.ts';

export interface CliOption {
  /** As commander reads them: `--name <text>`. */
  readonly flags: string;
  readonly describes: string;
  readonly choices?: readonly string[];
  readonly parse?: (text: string) => unknown;
  readonly required?: true;
}

interface Described {
  /** Words and arguments: `license edit <key>`. */
  readonly usage: string;
  readonly describes: string;
  /** What an argument may be, by its name; anything else is misuse. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  readonly options?: readonly CliOption[];
  /** More for `--help`. */
  readonly notes?: string;
}

/** One command of `latchkey`. */
export type CliCommand = Described &
  (
    | { readonly run: (call: Call) => Promise<CliOutput> }
    /** Works without an open store. */
    | { readonly runClosed: (call: ClosedCall) => Promise<CliOutput> }
  );

/** What was typed, and what runs it. */
export interface ClosedCall {
  readonly context: CliContext;
  /** The argument of this number; blank where it was left out. */
  argument(index: number): string;
  text(option: string): string | undefined;
  number(option: string): number | undefined;
  /** undefined where neither `--x` nor `--no-x` was given. */
  flag(option: string): boolean | undefined;
  /** To stderr. */
  readonly say: (sentence: string) => void;
}

export interface Call extends ClosedCall {
  readonly services: Services;
  readonly storage: Storage;
  /** The guild of `--guild`, or the only one there is. */
  guild(): Promise<Guild>;
}

export function createClosedCall(
  context: CliContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): ClosedCall {
  return {
    context,
    argument: (index) => args[index] ?? '',
    text: (option) => options[option] as string | undefined,
    number: (option) => options[option] as number | undefined,
    flag: (option) => options[option] as boolean | undefined,
    say: (sentence) => context.stderr.write(`${escapeControl(sentence)}\n`),
  };
}

export function createCall(call: ClosedCall, { services, storage }: Opened): Call {
  return {
    ...call,
    services,
    storage,
    guild: async () => unwrap(await services.guilds.find(call.text('guild') ?? null)),
  };
}

export const yesOption: CliOption = { flags: '--yes', describes: 'do it without being asked' };

/** For what cannot be taken back easily: says what would go, and goes on only with `--yes`. */
export function requireYes(call: ClosedCall, whatGoes: string): void {
  if (call.flag('yes') !== true) throw new UsageError(`${whatGoes} Repeat with --yes to do it.`, 'needs-yes');
}
