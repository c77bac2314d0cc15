import type { Recorded, Trail } from './trail.ts';

/** The UUIDs under which some protocols report a license's owner. */
export interface Customers {
  /**
   * The UUID of a Discord user as a customer of this guild: the one that was set, otherwise one derived from guild,
   * user and master key, which is always the same.
   */
  customerId(guildId: string, userId: string): Promise<string>;
  /**
   * Sets the UUID (in lower case); with null the derived one holds again. Returns the UUID that holds now. `taken`:
   * another user of the guild was given this UUID, and nothing was changed.
   */
  setCustomerId(
    guildId: string,
    userId: string,
    uuid: string | null,
    trail: Trail,
  ): Promise<({ readonly customerId: string } & Recorded) | { readonly taken: true }>;
}
