import { conflict, retryOnConflict } from '../conflict.ts';
import type { CustomerDocument, OutboxEntry } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import { findCustomer, readCustomer } from './find.ts';
import type { MergeParts, SettleParts } from './parts.ts';
import { settleCustomer } from './settle.ts';

interface Merging {
  readonly from: CustomerDocument;
  readonly into: CustomerDocument;
  /** With the merged record as its `customer`. */
  readonly outboxEntry: OutboxEntry;
}

/**
 * Merges one record into another one. The write that retires it is the change; its outbox entry then gives the other
 * record what it lacks, and moves the licenses. False: another process changed one of the two since they were read.
 *
 * The other record's `rev` is raised before. So of merges that would lead in a circle, each of which begins with a
 * record that another one ends with, at least one finds that its own record was changed.
 */
export async function mergeRecords(
  { models, outbox }: MergeParts,
  { from, into, outboxEntry }: Merging,
): Promise<boolean> {
  const begun = await models.customers.updateOne({ _id: into._id, rev: into.rev, retired: 0 }, { $inc: { rev: 1 } });
  if (begun.matchedCount === 0) return false;
  const retire = { $set: { retired: from._id, mergedInto: into._id, movedLicenseIds: [] }, $inc: { rev: 1 } };
  return outbox.update(models.customers, { _id: from._id, rev: from.rev, retired: 0 }, retire, outboxEntry);
}

type ClaimParts = SettleParts & MergeParts & { readonly changeTimeoutMs: number };

const noTrail = { audit: [], effects: [] };

/**
 * Finishes a claim: the customer, who had no Discord user, gets the one who claimed, or becomes part of the record that
 * this user has. Nothing happens where the customer has a Discord user by now; the licenses follow that one.
 */
export function finishClaim(
  parts: ClaimParts,
  guildId: string,
  { customerId, discordId }: NonNullable<OutboxEntry['claim']>,
): Promise<void> {
  const { models, outbox } = parts;
  return retryOnConflict(parts, async () => {
    const customer = await readCustomer(parts, customerId);
    if (customer?.retired !== 0 || customer.discordId !== null) return settleCustomer(parts, customerId);
    const known = await findCustomer(parts, guildId, { discordId });
    if (known === conflict) return conflict;
    const outboxEntry = await outbox.createEntry(guildId, noTrail, { customer: customerId });
    if (known) return (await mergeRecords(parts, { from: customer, into: known, outboxEntry })) ? undefined : conflict;
    try {
      const update = { $set: { discordId, updatedAt: parts.now() }, $inc: { rev: 1, revision: 1 } };
      const filter = { _id: customerId, rev: customer.rev, retired: 0 };
      return (await outbox.update(models.customers, filter, update, outboxEntry)) ? undefined : conflict;
    } catch (error) {
      if (duplicateFields(error) === null) throw error;
      return conflict;
    }
  });
}
