import { emptyCustomer } from '../../customers/new-customer.ts';
import { conflict } from '../conflict.ts';
import type { MongoStore } from '../connection.ts';
import type { CustomerDocument } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import { takeNumbers } from '../ids.ts';
import { customerFieldsOf } from './documents.ts';
import { findCustomer } from './find.ts';

/**
 * The record of a Discord user, which is made if there is none. `conflict`: another process has just made it, or is
 * merging it.
 */
export async function ensureDocument(
  store: MongoStore,
  guildId: string,
  discordId: string,
): Promise<CustomerDocument | typeof conflict> {
  const { models, vault } = store;
  const found = await findCustomer(store, guildId, { discordId });
  if (found) return found;
  const holder = await findCustomer(store, guildId, { uuid: vault.customerId(guildId, discordId) });
  if (holder === conflict) return conflict;
  const id = await takeNumbers(models, 'customer', 1);
  const customer = emptyCustomer(store, { id, guildId, discordId }, holder !== null);
  const document: CustomerDocument = { _id: id, rev: 0, ...customerFieldsOf(customer) };
  try {
    await models.customers.collection.insertOne(document as object);
    return document;
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
    return conflict;
  }
}
