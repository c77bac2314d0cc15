import type { Log } from '../../src/log/log.ts';

export interface RecordingLog extends Log {
  /** `<level> <message>` */
  readonly lines: string[];
}

/** A log that stores its lines. */
export function createRecordingLog(): RecordingLog {
  const lines: string[] = [];
  const writer = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return { lines, error: writer('error'), warn: writer('warn'), info: writer('info'), debug: writer('debug') };
}
