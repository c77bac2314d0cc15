import type { NewAuditEvent } from './audit.ts';

/** What records remember of their changes, besides the audit. */
export interface Revised {
  /** When a person or another program changed it last: not the system itself, and not a check. */
  readonly updatedAt: Date;
  /** Grows by one with each change, but not with checks. 1: it was never changed. */
  readonly revision: number;
}

/** The record after a change that these events describe. */
export function revise<T extends Revised>(record: T, events: readonly NewAuditEvent[], now: Date): T {
  const isBySystem = events.every(({ actor }) => actor.type === 'system');
  return { ...record, revision: record.revision + 1, updatedAt: isBySystem ? record.updatedAt : now };
}
