export interface ReplicaSet {
  /** How far its clock is ahead of this machine's. */
  readonly clockAheadMs: number;
  /** What queries rely on and is not there, as `collection.field_field`. */
  readonly missingIndexes: readonly string[];
  /** null: its user may not look, or it is behind routers. */
  readonly config: {
    readonly members: number;
    /** Those that vote and hold no data. */
    readonly arbiters: number;
    readonly heartbeatIntervalMs: number;
    /** Whether a majority has a write in its journals when it confirms it. */
    readonly isJournaled: boolean;
  } | null;
}

export interface Inspection {
  /** What `doctor` looks at; null: the store is no replica set. */
  replicaSet(): Promise<ReplicaSet | null>;
}
