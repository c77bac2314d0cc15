import { describeCommandError } from '../../texts/command-errors.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Result } from '../../domain/result.ts';

/** Ends a command with exit code 1: a use case, or the command itself, said no. */
export class CommandFailedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** For what rejects with a sentence: the sentence ends the command. */
export function refuseWith(code: string): (error: unknown) => never {
  return (error) => {
    throw new CommandFailedError(code, error instanceof Error ? error.message : String(error), { cause: error });
  };
}

/** Ends a command with exit code 2: it was not called as it can be. */
export class UsageError extends Error {
  override readonly name = 'MisuseError';
  readonly code: string;

  constructor(message: string, code = 'misuse') {
    super(message);
    this.code = code;
  }
}

/** The value of a use case's answer; a refusal ends the command. */
export function unwrap<T>(result: Result<T, CommandError>): T {
  if (result.ok) return result.value;
  throw new CommandFailedError(result.error.code, describeCommandError(result.error));
}
