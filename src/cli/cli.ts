import { CommanderError } from 'commander';
import { commands } from './command-list.ts';
import type { CliContext } from './framework/context.ts';
import { CommandFailedError, UsageError } from './framework/errors.ts';
import { escapeLines } from './framework/format.ts';
import { createProgram } from './framework/program.ts';
import { writeChunk } from './framework/write-chunk.ts';

const exitCodes = { success: 0, failed: 1, usage: 2 } as const;

/** Runs one command of `latchkey` and returns its exit code: 0 success, 1 failed, 2 usage error. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  let exitCode: number = exitCodes.success;
  const program = createProgram(commands, context, (code) => {
    exitCode = code;
  });
  // writeChunk handles a closed pipe itself. The stream also emits the error, which would end the process unhandled.
  const ignoreClosedPipe = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  };
  context.stdout.on('error', ignoreClosedPipe);
  try {
    await program.parseAsync(protectNegativeTerm(argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    return await reportFailure(error, context, asksForJson(argv));
  } finally {
    context.stdout.off('error', ignoreClosedPipe);
  }
}

/**
 * `license extend KEY -30d` takes time back. Commander would read `-30d` as options, so it gets the term with a typographic
 * minus, which terms may have.
 */
function protectNegativeTerm(argv: readonly string[]): readonly string[] {
  if (argv[0] !== 'license' || argv[1] !== 'extend') return argv;
  return argv.map((word) => word.replace(/^-(?=\d+\s*[a-z]+$)/i, '−'));
}

function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

async function reportFailure(error: unknown, { stdout, stderr }: CliContext, asJson: boolean): Promise<number> {
  // Commander throws after --help and --version, too.
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.success;
  const { code, message, exitCode, details } = toFailure(error);
  // Commander has written its own errors to stderr already.
  if (!(error instanceof CommanderError) && (!asJson || details !== message)) stderr.write(`${escapeLines(details)}\n`);
  if (asJson) await writeChunk(stdout, `${JSON.stringify({ error: { code, message } })}\n`);
  return exitCode;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
  /** The text for stderr: the message, or for an unexpected error its stack. */
  readonly details: string;
}

function toFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const as = (code: string, exitCode: number): Failure => ({ code, message, exitCode, details: message });
  if (error instanceof CommanderError) {
    return { ...as('misuse', exitCodes.usage), message: message.replace(/^error: /, '') };
  }
  if (error instanceof UsageError) return as(error.code, exitCodes.usage);
  if (error instanceof CommandFailedError) return as(error.code, exitCodes.failed);
  if (error instanceof Error && error.name === 'StoreUnavailableError') {
    return as('store-unavailable', exitCodes.failed);
  }
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  return { ...as('unexpected', exitCodes.failed), details: stack };
}
