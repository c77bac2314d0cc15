import { identityText } from '../../../domain/customers/customer.ts';
import { foldedNames } from '../../../domain/customers/names.ts';
import type { StoredCustomer } from '../../customers/stored-customer.ts';
import type { CustomerDocument } from '../documents.ts';
import { toBytes } from '../licenses/documents.ts';

/** The record in a document, as both stores know it. */
export function storedOf(document: CustomerDocument): StoredCustomer {
  const { _id, rev: _, outbox: _outbox, identityKeys: _keys, namesFolded: _names, sealedEmail, ...fields } = document;
  return { ...fields, id: _id, sealedEmail: sealedEmail && toBytes(sealedEmail) };
}

/** The fields of a document that hold the record. */
export function customerFieldsOf({ id: _, sealedEmail, ...customer }: StoredCustomer) {
  return {
    ...customer,
    sealedEmail: sealedEmail && Buffer.from(sealedEmail),
    identityKeys: customer.identities.map(identityText),
    namesFolded: foldedNames(customer),
  } satisfies Omit<CustomerDocument, '_id' | 'rev' | 'outbox'>;
}
