export interface Coordination {
  /** A fencing number greater than any before, or null while somebody else's lease lives. Renewing keeps the number. */
  acquireLease(name: string, holder: string, ttlMs: number): Promise<number | null>;
  releaseLease(name: string, holder: string): Promise<void>;
  /** A small text under a name, such as the shipper's position; null: never set. */
  note(name: string): Promise<string | null>;
  /** With `fence`, refused (false) when a newer holder of that lease exists. */
  setNote(
    name: string,
    value: string,
    fence: { readonly lease: string; readonly number: number } | null,
  ): Promise<boolean>;
}
