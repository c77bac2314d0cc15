/** What `latchkey doctor` reports of a MongoDB replica set. */
export interface ReplicaSet {
  /** By how much the primary's clock is ahead of this machine's; negative: behind. */
  readonly clockAheadMs: number;
  /** Indexes that queries rely on and that do not exist, as `collection.field_field`. */
  readonly missingIndexes: readonly string[];
  /** null: the database user may not read the configuration, or the connection leads through routers (`mongos`). */
  readonly config: {
    readonly members: number;
    /** Members that vote and hold no data. */
    readonly arbiters: number;
    readonly heartbeatIntervalMs: number;
    /** Whether a majority has written to its journal when it confirms a write. */
    readonly isJournaled: boolean;
  } | null;
}

/** An attempt or audit event, and when it was stored. */
export interface NewestEntry {
  readonly kind: 'attempt' | 'audit';
  readonly id: number;
  readonly at: Date;
}

export interface Inspection {
  /**
   * The attempt and the audit event that were stored last, in whichever guild, even if the clock was ahead before. A
   * kind of which there is none is left out.
   */
  newestEntries(): Promise<readonly NewestEntry[]>;
  /** null: the store is not on MongoDB. */
  replicaSet(): Promise<ReplicaSet | null>;
}
