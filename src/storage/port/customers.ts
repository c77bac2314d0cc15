import type { Recorded, Trail } from './trail.ts';

export interface Customers {
  /** The UUID of a Discord user as a customer of this guild: the one that was supplied, or always the same one. */
  customerId(guildId: string, userId: string): Promise<string>;
  /** Supplies it (lower case), or takes it back (null). Refuses one that was supplied for another user of the guild. */
  setCustomerId(
    guildId: string,
    userId: string,
    uuid: string | null,
    trail: Trail,
  ): Promise<({ readonly customerId: string } & Recorded) | { readonly taken: true }>;
}
