import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import type { By } from './context.ts';

/** A Discord user as client programs of a guild know him (Lukittu). */
export interface Customer {
  readonly userId: string;
  readonly uuid: string;
}

export interface CustomerService {
  /** `userId` is an id or a mention. Refuses: invalid-id. */
  find(guildId: string, userId: string): Promise<Result<Customer, Refusal>>;
  /**
   * Brings a customer's UUID along, or takes it back (null), so that he has his own one again. Refuses: invalid-id,
   * customer-id-taken, guild-not-found.
   */
  setUuid(input: By & { readonly userId: string; readonly uuid: string | null }): Promise<Result<Customer, Refusal>>;
}
