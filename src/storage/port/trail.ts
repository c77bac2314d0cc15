import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Effect } from '../../domain/effect.ts';

/** The audit events and effects that are stored with a change, in the same commit. */
export interface Trail {
  readonly audit: readonly NewAuditEvent[];
  readonly effects: readonly Effect[];
}

/** The ids of the effects of a `Trail`, in its order; none where nothing was changed. */
export interface Recorded {
  readonly effectIds: readonly number[];
}

/**
 * What a `change` callback returns. The callback must be pure: after a conflict with another process it is called again
 * with the newer state. The call returns `result` in either case.
 */
export interface Changed<T, R> {
  /** What is stored instead of the current state. null: nothing is stored, and the trail is not either. */
  readonly next: T | null;
  readonly trail: Trail;
  readonly result: R;
}
