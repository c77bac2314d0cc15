import type { CustomerIdentity } from '../../../domain/customers/customer.ts';
import { foldedNames } from '../../../domain/customers/names.ts';
import type { MetadataEntry } from '../../../domain/values/metadata.ts';
import type { Merge, StoredCustomer } from '../../customers/stored-customer.ts';
import { describeColumns, type Field } from '../columns.ts';
import { column, flag, instant, optionalList, plain } from '../fields.ts';

const optionalBytes = (name: string): Field<Uint8Array | null> =>
  column<Uint8Array | null>(
    name,
    (value) => value,
    (stored) => stored as Uint8Array | null,
  );

/** Everything that the row of a customer holds. */
export const customerColumns = describeColumns<StoredCustomer>({
  id: plain<number>('id'),
  guildId: plain<string>('guild_id'),
  uuid: plain<string>('uuid'),
  uuidSupplied: flag('uuid_supplied'),
  discordId: plain<string | null>('discord_id'),
  identities: optionalList<CustomerIdentity>('identities'),
  sealedEmail: optionalBytes('sealed_email'),
  emailHash: plain<string | null>('email_hash'),
  username: plain<string | null>('username'),
  fullName: plain<string | null>('full_name'),
  metadata: optionalList<MetadataEntry>('metadata'),
  createdAt: instant('created_at'),
  updatedAt: instant('updated_at'),
  revision: plain<number>('revision'),
  retired: plain<number>('retired'),
  mergedInto: plain<number | null>('merged_into'),
  movedLicenseIds: optionalList<number>('moved_licenses'),
  merges: optionalList<Merge>('merges'),
});

/** The columns as they are written: with the names by which customers are searched. */
export const writtenColumns = [...customerColumns.names, 'names_folded'];

export function writtenValues(customer: StoredCustomer) {
  return [...customerColumns.valuesOf(customer), foldedNames(customer)];
}
