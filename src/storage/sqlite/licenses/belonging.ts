import type { License } from '../../../domain/license.ts';
import type { SqliteStore } from '../connection.ts';
import { currentRecord } from '../customers/licenses-of-customer.ts';
import { linkRow } from '../customers/merges.ts';
import { ensureRow, readCustomer } from '../customers/rows.ts';

type Belonging = Pick<License, 'ownerId' | 'customerId'>;

const nobody: Belonging = { ownerId: null, customerId: null };

/** Inside `write`: whom a license belongs to that is new, or changed from `current`. See `LicenseChange`. */
export function belongingOf(
  store: SqliteStore,
  guildId: string,
  { ownerId, customerId }: Belonging,
  current: Belonging = nobody,
): Belonging {
  const isCustomerNamed = customerId !== current.customerId;
  if (ownerId === current.ownerId && !isCustomerNamed) return { ownerId, customerId };
  if (ownerId !== null && ownerId !== current.ownerId) {
    return { ownerId, customerId: ensureRow(store, guildId, ownerId).id };
  }
  if (customerId === null || !isCustomerNamed) return nobody;
  const customer = currentRecord(store, guildId, customerId);
  if (!customer) throw new Error(`No customer ${customerId} in guild ${guildId}.`);
  return { ownerId: customer.discordId, customerId: customer.id };
}

/** Inside `write`: whom a license belongs to whose customer turned out to be this Discord user. */
export function claimedBelonging(store: SqliteStore, guildId: string, current: Belonging, ownerId: string): Belonging {
  const customer = current.customerId === null ? null : readCustomer(store, guildId, current.customerId);
  if (customer?.discordId !== null) return belongingOf(store, guildId, { ownerId, customerId: null });
  return { ownerId, customerId: linkRow(store, customer, ownerId).id };
}
