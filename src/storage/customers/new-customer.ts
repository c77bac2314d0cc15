import type { Customer } from '../../domain/customers/customer.ts';
import { uuidOf } from '../../domain/values/ids.ts';
import type { Vault } from '../vault.ts';
import { sealEmail, type StoredCustomer } from './stored-customer.ts';

interface Parts {
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
}

/**
 * A record without anything but its Discord user. Its UUID is derived from the Discord user, or random without one.
 * `isDerivedTaken`: somebody else was given that UUID by hand.
 */
export function emptyCustomer(
  { vault, now, random }: Parts,
  { id, guildId, discordId }: Pick<Customer, 'id' | 'guildId' | 'discordId'>,
  isDerivedTaken: boolean,
): StoredCustomer {
  const isRandom = discordId === null || isDerivedTaken;
  const at = now();
  return {
    id,
    guildId,
    uuid: isRandom ? uuidOf(random(16)) : vault.customerId(guildId, discordId),
    uuidSupplied: false,
    discordId,
    identities: [],
    sealedEmail: null,
    emailHash: null,
    username: null,
    fullName: null,
    metadata: [],
    createdAt: at,
    updatedAt: at,
    revision: 1,
    retired: 0,
    mergedInto: null,
    movedLicenseIds: [],
    merges: [],
  };
}

/** The record after a change. `email` as in `CustomerChange`. */
export function changedCustomer(
  vault: Vault,
  stored: StoredCustomer,
  { discordId, uuid, identities, username, fullName, metadata, updatedAt, revision }: Customer,
  email: string | null | undefined,
): StoredCustomer {
  return {
    ...stored,
    ...{ discordId, uuid, identities, username, fullName, metadata, updatedAt, revision },
    uuidSupplied: stored.uuidSupplied || uuid !== stored.uuid,
    ...(email !== undefined && sealEmail(vault, stored, email)),
  };
}
