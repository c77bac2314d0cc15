import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Effect } from '../../domain/effect.ts';

/** What is stored with a change, in the same commit. `recordedEffects` tells their ids. */
export interface Trail {
  readonly audit: readonly NewAuditEvent[];
  readonly effects: readonly Effect[];
}

export interface Recorded {
  readonly effectIds: readonly number[];
}

/** `change` is pure and may be called again with newer state; returning `next: null` writes nothing. */
export interface Changed<T, R> {
  readonly next: T | null;
  readonly trail: Trail;
  readonly result: R;
}
