import { CommanderError } from 'commander';
import { commands } from './commands.ts';
import type { CliContext } from './framework/context.ts';
import { UsageError, CommandFailedError } from './framework/errors.ts';
import { createProgram } from './framework/program.ts';
import { escapeLines } from './framework/format.ts';
import { writePiece } from './framework/write-chunk.ts';

const done = 0;
const refused = 1;
const misused = 2;

/** Runs one command of `latchkey`. Answers its exit code: 0, 1 refused, 2 misuse. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  let exitCode = done;
  const program = createProgram(commands, context, (code) => {
    exitCode = code;
  });
  // Written pieces report EPIPE themselves; the stream's own event would end the process.
  const ignoreClosedPipe = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  };
  context.stdout.on('error', ignoreClosedPipe);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return await reportFailure(error, context, asksForJson(argv));
  } finally {
    context.stdout.off('error', ignoreClosedPipe);
  }
}

function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

async function reportFailure(error: unknown, { stdout, stderr }: CliContext, asJson: boolean): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === done) return done;
  const { code, message, exitCode, details } = failureOf(error);
  // Commander has told people already.
  if (!(error instanceof CommanderError) && (!asJson || details !== message)) stderr.write(`${escapeLines(details)}\n`);
  if (asJson) await writePiece(stdout, `${JSON.stringify({ error: { code, message } })}\n`);
  return exitCode;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
  /** What stderr is told. */
  readonly details: string;
}

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const as = (code: string, exitCode: number): Failure => ({ code, message, exitCode, details: message });
  if (error instanceof CommanderError) return { ...as('misuse', misused), message: message.replace(/^error: /, '') };
  if (error instanceof UsageError) return as(error.code, misused);
  if (error instanceof CommandFailedError) return as(error.code, refused);
  if (error instanceof Error && error.name === 'StoreUnavailableError') return as('store-unavailable', refused);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  return { ...as('unexpected', refused), details: stack };
}
