/** The clocks of the processes that share a store may differ by less than this. */
export const clockToleranceMs = 5_000;

/** How processes agree on which of them does something, and how far it has come. */
export interface Coordination {
  /**
   * Acquires or renews the lease for `ttlMs` and returns its fencing number. A new holder gets a number that is greater
   * than every one before; a holder that renews, also after the lease ran out, keeps its number unless the lease was
   * acquired by another holder since. null: another holder's lease has not run out. A lease that ends over 5 s later
   * than a new one would was acquired by a clock that was ahead, and counts as run out.
   */
  acquireLease(name: string, holder: string, ttlMs: number): Promise<number | null>;
  /** Ends the lease if `holder` has it; otherwise changes nothing. */
  releaseLease(name: string, holder: string): Promise<void>;
  /** The text stored under a name, such as the position of the log shipper. null: none was ever stored. */
  note(name: string): Promise<string | null>;
  /**
   * Stores a text under a name. With `fence` it stores nothing and returns false where no process ever held that lease, and
   * once a holder with a greater number has acquired it; the comparison and the write are atomic.
   */
  setNote(
    name: string,
    value: string,
    fence: { readonly lease: string; readonly number: number } | null,
  ): Promise<boolean>;
}
