import { foldEmail, maskEmail } from '../../domain/customers/email.ts';
import type { Customer, CustomerIdentity } from '../../domain/customers/customer.ts';
import type { Vault } from '../vault.ts';

/** A customer as both stores hold it. */
export interface StoredCustomer extends Omit<Customer, 'maskedEmail'> {
  /** Whether the UUID was supplied. Otherwise it is derived from the Discord user, or random without one. */
  readonly uuidSupplied: boolean;
  /** Opened by `openEmail`. */
  readonly sealedEmail: Uint8Array | null;
  /** In hex. */
  readonly emailHash: string | null;
  /**
   * 0: the record counts. Its own id: it was merged into another one and is kept for an undo. It is part of the unique
   * indexes, so that the other record can have what this one had.
   */
  readonly retired: number;
  /** The record that this one was merged into; null while it counts. */
  readonly mergedInto: number | null;
  /**
   * The licenses that a merge took from this record. Of a record that counts again, those that are still to come back.
   */
  readonly movedLicenseIds: readonly number[];
  /** What this record has from those that were merged into it, the latest last. */
  readonly merges: readonly Merge[];
}

/** What a record has from one that was merged into it, by the names of the fields alone: the other record is kept. */
export interface Merge {
  /** The record that was merged. */
  readonly id: number;
  /** The UUID before, where the other record's took its place; null: the record kept its own. */
  readonly uuidBefore: string | null;
  readonly fields: readonly MergedField[];
  readonly metadataKeys: readonly string[];
  readonly identities: readonly CustomerIdentity[];
}

export const mergedFields = ['discordId', 'email', 'username', 'fullName'] as const;
type MergedField = (typeof mergedFields)[number];

export type StoredEmail = Pick<StoredCustomer, 'sealedEmail' | 'emailHash'>;

/** An address is sealed under its customer, so that it does not open in the record of another one. */
const emailContext = ({ guildId, id }: Pick<StoredCustomer, 'guildId' | 'id'>) => `customer-email:${guildId}:${id}`;

export function sealEmail(
  vault: Vault,
  owner: Pick<StoredCustomer, 'guildId' | 'id'>,
  address: string | null,
): StoredEmail {
  if (address === null) return { sealedEmail: null, emailHash: null };
  const hash = vault.emailHash(owner.guildId, foldEmail(address));
  return { sealedEmail: vault.seal(address, emailContext(owner)), emailHash: hash.toString('hex') };
}

/** The address in clear; null: there is none. */
export function openEmail(vault: Vault, customer: StoredCustomer): string | null {
  return customer.sealedEmail && vault.open(customer.sealedEmail, emailContext(customer));
}

/** The record alone, without what only the store knows. */
export function customerOf(vault: Vault, stored: StoredCustomer): Customer {
  const { id, guildId, uuid, discordId, identities, username, fullName, metadata } = stored;
  const { createdAt, updatedAt, revision } = stored;
  const email = openEmail(vault, stored);
  const record = { id, guildId, uuid, discordId, identities, username, fullName, metadata };
  return { ...record, maskedEmail: email && maskEmail(email), createdAt, updatedAt, revision };
}
