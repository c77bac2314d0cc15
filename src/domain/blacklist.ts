export const blacklistTypes = ['ip', 'hwid', 'key', 'user', 'country'] as const;
export type BlacklistType = (typeof blacklistTypes)[number];

export interface BlacklistEntry {
  readonly id: number;
  readonly guildId: string;
  readonly type: BlacklistType;
  /**
   * What people see: an address, CIDR range or declared text, a HWID, a Discord user id, an ISO alpha-3 country,
   * or a key's masked tail.
   */
  readonly value: string;
  /**
   * What is compared: the canonical address or range, the folded text, the user id, the country, or the key's look-up
   * hash in hex. Unique per guild and type.
   */
  readonly match: string;
  readonly reason: string | null;
  readonly expiresAt: Date | null;
  /** Attempts it blocked. */
  readonly hits: number;
  readonly createdAt: Date;
  readonly createdBy: string;
}
