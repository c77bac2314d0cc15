import winston from 'winston';
import { formatJson, formatPretty } from './format.ts';
import { createRedact, escapeUnprintable, toPlain } from './sanitize.ts';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';
export type LogFormat = 'pretty' | 'json';

/** Further values of an entry; an error goes under `error`. The names `time`, `level` and `message` are reserved. */
type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  readonly error: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly debug: (message: string, fields?: LogFields) => void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** null: pretty on a terminal, json elsewhere. */
  readonly format: LogFormat | null;
  /** Texts that are replaced by `***` wherever they occur in an entry. */
  readonly secrets?: readonly string[];
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly now?: () => Date;
}

/**
 * A log with one line per entry. Text from clients cannot break the line, forge an entry or control a terminal. Entries
 * that the stream does not take are lost.
 */
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
  // Without a listener the program would end where the reader of its log goes away (EPIPE). It goes on, without a log.
  stream.on('error', () => undefined);
  const logger = winston.createLogger({
    level,
    levels: winston.config.npm.levels,
    format: line,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston types its own class as an interface
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });

  // The fields are passed as one value: winston would merge them into the entry and append a field "message" to the message.
  const writer =
    (entryLevel: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      logger.log({ level: entryLevel, message, fields });
    };
  return { error: writer('error'), warn: writer('warn'), info: writer('info'), debug: writer('debug') };
}
