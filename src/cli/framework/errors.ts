import { describeCommandError } from '../../texts/command-errors.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Result } from '../../domain/values/result.ts';

/** Ends a command with exit code 1: a service, or the command itself, rejected the request. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A handler for promises that reject with a sentence for people: it ends the command with that sentence. */
export function failWith(code: string): (error: unknown) => never {
  return (error) => {
    throw new CommandFailedError(code, error instanceof Error ? error.message : String(error), { cause: error });
  };
}

/** Ends a command with exit code 2: its arguments or options are wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: string;

  constructor(message: string, code = 'misuse') {
    super(message);
    this.code = code;
  }
}

/** The value of a service's result; an error ends the command with exit code 1. */
export function unwrap<T>(result: Result<T, CommandError>): T {
  if (result.ok) return result.value;
  throw new CommandFailedError(result.error.code, describeCommandError(result.error));
}
