import type { Customer } from '../../domain/customers/customer.ts';
import { instantJson } from './instant-json.ts';

/** A customer as JSON. `email` is the address in clear; undefined where the reader may not see it: then it is masked. */
export function customerJson(customer: Customer, email?: string | null): object {
  const { id, uuid, discordId, maskedEmail, username, fullName, identities, metadata } = customer;
  return {
    id,
    discordId,
    email: email === undefined ? maskedEmail : email,
    username,
    identities: identities.map((identity) => ({ system: identity.system, id: identity.id })),
    metadata,
    uuid,
    fullName,
    createdAt: instantJson(customer.createdAt),
    updatedAt: instantJson(customer.updatedAt),
    revision: customer.revision,
  };
}
