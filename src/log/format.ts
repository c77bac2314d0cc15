import { type ErrorLike, isErrorLike } from './sanitize.ts';

export interface LogEntry {
  readonly time: Date;
  readonly level: string;
  readonly message: string;
  /** Values that JSON can hold. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One JSON object. A field cannot replace `time`, `level` or `message`, which also stay first. */
export function formatJson({ time, level, message, fields }: LogEntry): string {
  const reserved = { time: time.toISOString(), level, message };
  return JSON.stringify({ ...reserved, ...fields, ...reserved });
}

/** One line for people: `2026-01-31 10:20:30 info  Listening port=3000`. */
export function formatPretty({ time, level, message, fields }: LogEntry): string {
  const clock = time.toISOString().slice(0, 19).replace('T', ' ');
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${formatValue(value)}`);
  return [clock, level.padEnd(5), message, ...shown].join(' ');
}

function formatValue(value: unknown): string {
  if (typeof value === 'object' && value !== null && isErrorLike(value)) return formatError(value);
  if (typeof value === 'string' && /^[^\s"'=]+$/.test(value)) return value;
  return JSON.stringify(value);
}

/** An error with its stack on one line: `TypeError: no price < total (src/cart.ts:3:7) < run (src/main.ts:9:1)`. */
function formatError({ name, message, stack, cause }: ErrorLike): string {
  const frames = stack
    .split('\n')
    .filter((row) => /^\s+at /.test(row))
    .map((row) => row.replace(/^\s+at /, '').replace('file://', ''));
  const because = cause === undefined ? '' : ` (because of ${formatValue(cause)})`;
  return [`${name}: ${message}${because}`, ...frames].join(' < ');
}
