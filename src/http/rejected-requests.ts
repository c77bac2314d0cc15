import type { Protocol, RejectedRequestCount } from '../domain/attempt.ts';
import { dayMs, minuteMs } from '../domain/values/calendar.ts';

export interface RejectedRequestsOptions {
  readonly now: () => Date;
  /** Adds the counts to those that are stored, and deletes those of minutes before `keepSince`. */
  readonly record: (counts: readonly RejectedRequestCount[], keepSince: Date) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly maxRows?: number;
}

export interface RejectedRequests {
  add(kind: RejectedRequestCount['kind'], protocol: Protocol, observedIp: string): void;
  /** Writes what was counted since the last call. Counts that could not be written are written by the next call. */
  flush(): Promise<void>;
}

type Row = { -readonly [K in keyof RejectedRequestCount]: RejectedRequestCount[K] };

const retentionMs = 30 * dayMs;
/** Once `maxRows` addresses are counted, further addresses are counted together under this one. */
const others = 'others';

/** Counts rejected requests per minute and address in bounded memory, so that a flood costs the store hardly any writes. */
export function createRejectedRequests({
  now,
  record,
  onError,
  maxRows = 10_000,
}: RejectedRequestsOptions): RejectedRequests {
  let rows = new Map<string, Row>();

  function addRow(row: RejectedRequestCount): void {
    const name = [row.minute.getTime(), row.kind, row.protocol, row.observedIp].join(' ');
    const known = rows.get(name);
    if (known) known.count += row.count;
    else if (rows.size < maxRows || row.observedIp === others) rows.set(name, { ...row });
    else addRow({ ...row, observedIp: others });
  }

  return {
    add: (kind, protocol, observedIp) => {
      const instant = now().getTime();
      addRow({ kind, protocol, observedIp, minute: new Date(instant - (instant % minuteMs)), count: 1 });
    },
    flush: async () => {
      if (rows.size === 0) return;
      const counted = [...rows.values()];
      rows = new Map();
      try {
        await record(counted, new Date(now().getTime() - retentionMs));
      } catch (error) {
        counted.forEach(addRow);
        onError(error);
      }
    },
  };
}
