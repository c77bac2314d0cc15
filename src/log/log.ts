import winston from 'winston';
import { formatJson, formatPretty } from './format.ts';
import { createRedact, escapeUnprintable, toPlain } from './sanitize.ts';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';
export type LogFormat = 'pretty' | 'json';

/** Values beside the message; an error belongs under `error`. `time`, `level` and `message` are taken. */
type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  readonly error: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly debug: (message: string, fields?: LogFields) => void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** null: pretty on a terminal, else json. */
  readonly format: LogFormat | null;
  /** Texts that never reach the log: they are replaced wherever they stand. */
  readonly secrets?: readonly string[];
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly now?: () => Date;
}

/** A log whose entries are one line each, whatever strangers put into them. */
export function createLog({
  level,
  format,
  secrets = [],
  stream = process.stdout,
  now = () => new Date(),
}: LogOptions): Log {
  const redact = createRedact(secrets);
  const formatLine = (format ?? (stream.isTTY ? 'pretty' : 'json')) === 'pretty' ? formatPretty : formatJson;

  const line = winston.format.printf((info) => {
    const fields = toPlain(info.fields, redact) as LogFields;
    return escapeUnprintable(
      formatLine({ time: now(), level: info.level, message: redact(String(info.message)), fields }),
    );
  });
  const logger = winston.createLogger({
    level,
    levels: winston.config.npm.levels,
    format: line,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston types its own class as an interface
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });

  // winston merges further arguments into the entry, where a field called "message" is appended to the message.
  const writer =
    (entryLevel: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      logger.log({ level: entryLevel, message, fields });
    };
  return { error: writer('error'), warn: writer('warn'), info: writer('info'), debug: writer('debug') };
}
