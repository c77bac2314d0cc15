import { type CustomerRef, identityText } from '../../../domain/customers/customer.ts';
import type { StoredCustomer } from '../../customers/stored-customer.ts';
import type { CustomerTaken } from '../../port/customers.ts';
import { conflict } from '../conflict.ts';
import type { CustomerDocument } from '../documents.ts';
import type { CustomerParts } from './parts.ts';

function filterOf(ref: CustomerRef) {
  if ('id' in ref) return { _id: ref.id };
  if ('uuid' in ref) return { uuid: ref.uuid };
  if ('discordId' in ref) return { discordId: ref.discordId };
  return { identityKeys: identityText(ref.identity) };
}

/** Reads a record, also one that was merged. */
export function readCustomer({ models }: CustomerParts, id: number): Promise<CustomerDocument | null> {
  return models.customers.findById(id).lean<CustomerDocument>();
}

/**
 * Finds the record that counts. While a merge or its undo is under way, what one record gives up may belong to the other
 * one only a moment later; the merge is finished then, and `conflict` says to ask again. So no second record is made for
 * a Discord user or identity that has one.
 */
export async function findCustomer(
  parts: CustomerParts,
  guildId: string,
  ref: CustomerRef,
): Promise<CustomerDocument | null | typeof conflict> {
  const found = await parts.models.customers.find({ guildId, ...filterOf(ref) }).lean<CustomerDocument[]>();
  const current = found.find(({ retired }) => retired === 0);
  if (current) return current;
  let isFinished = false;
  for (const merged of found) isFinished = (await finishMerge(parts, merged)) || isFinished;
  return isFinished ? conflict : null;
}

/** Finishes the merge of a record or its undo. Returns whether there was something to finish. */
async function finishMerge(parts: CustomerParts, merged: CustomerDocument): Promise<boolean> {
  const into = merged.mergedInto === null ? null : await readCustomer(parts, merged.mergedInto);
  const returning = into?.outbox?.filter((entry) => entry.returning === merged._id) ?? [];
  await finishEntries(parts, merged);
  if (into) await parts.outbox.finishEntries(parts.models.customers, into._id, returning);
  return (merged.outbox ?? []).length + returning.length > 0;
}

/** Carries out what a record still has in its outbox. Returns whether there was something. */
export async function finishEntries(parts: CustomerParts, { _id, outbox = [] }: CustomerDocument): Promise<boolean> {
  await parts.outbox.finishEntries(parts.models.customers, _id, outbox);
  return outbox.length > 0;
}

/** The record that counts: this one, or the one that it was merged into, perhaps by way of others. */
export async function currentRecord(parts: CustomerParts, customerId: number): Promise<CustomerDocument | null> {
  const found = await readCustomer(parts, customerId);
  if (!found || found.retired === 0 || found.mergedInto === null) return found;
  return currentRecord(parts, found.mergedInto);
}

/** What of this record another customer of the guild has; null: nothing. */
export async function findTaken(
  parts: CustomerParts,
  { id, guildId, uuid, discordId, identities }: StoredCustomer,
  others: readonly number[] = [],
): Promise<{ readonly taken: CustomerTaken['taken']; readonly holder: CustomerDocument } | null | typeof conflict> {
  const refs: (readonly [CustomerTaken['taken'], CustomerRef])[] = [['uuid', { uuid }]];
  if (discordId !== null) refs.push(['discord-id', { discordId }]);
  for (const identity of identities) refs.push(['identity', { identity }]);
  for (const [taken, ref] of refs) {
    const holder = await findCustomer(parts, guildId, ref);
    if (holder === conflict) return conflict;
    if (holder && holder._id !== id && !others.includes(holder._id)) return { taken, holder };
  }
  return null;
}
