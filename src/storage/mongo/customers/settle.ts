import type { UpdateQuery } from 'mongoose';
import { absorb } from '../../customers/merge.ts';
import { uuidOf } from '../../../domain/values/ids.ts';
import type { CustomerDocument, LicenseDocument } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import { rowsPerStep } from '../steps.ts';
import { customerFieldsOf, storedOf } from './documents.ts';
import { currentRecord, readCustomer } from './find.ts';
import type { SettleParts } from './parts.ts';

/*
 * What follows from a change of a customer, as a part of its outbox entry. All of it can be repeated, and done by several
 * processes at once, with the same result.
 *
 * A license holds the customer's Discord user, name and UUID, so that a check reads one document. Another owner is a
 * change of the license and raises its `rev`. Documents that are not published keep theirs: a pending copy is published
 * only with the `rev` of the license that moves to it.
 */

/** The licenses of a record follow it: to its Discord user, or to the record that it was merged into. */
export async function settleCustomer(parts: SettleParts, customerId: number): Promise<void> {
  const customer = await readCustomer(parts, customerId);
  if (!customer) return;
  if (customer.retired === 0) return copyIntoLicenses(parts, customer);
  await absorbInto(parts, customer);
  const into = await giveLicenses(parts, customer);
  if (into) await settleCustomer(parts, into._id);
}

/** A record that was merged counts again: it gets back what the other record had of it, which is given up already. */
export async function returnCustomer(parts: SettleParts, customerId: number): Promise<void> {
  const { customers, licenses } = parts.models;
  const merged = await readCustomer(parts, customerId);
  if (!merged) return;
  if (merged.retired !== 0) await bringBack(parts, merged);
  const from = merged.mergedInto;
  for (let start = 0; start < merged.movedLicenseIds.length; start += rowsPerStep) {
    const ids = merged.movedLicenseIds.slice(start, start + rowsPerStep);
    await moveLicenses(parts, { id: { $in: ids }, customerId: from }, merged);
  }
  if (from !== null) {
    // Licenses that were published in between, as pending copies of others.
    const isLeft = await licenses.exists({ id: { $in: merged.movedLicenseIds }, customerId: from });
    if (isLeft) return returnCustomer(parts, customerId);
  }
  await customers.updateOne({ _id: customerId, retired: 0 }, { $set: { movedLicenseIds: [], mergedInto: null } });
  await settleCustomer(parts, customerId);
  if (from !== null) await settleCustomer(parts, from);
}

async function bringBack({ models, now, random }: SettleParts, merged: CustomerDocument): Promise<void> {
  const filter = { _id: merged._id, retired: merged._id };
  const update = { $set: { retired: 0, updatedAt: now() }, $inc: { rev: 1, revision: 1 } };
  try {
    await models.customers.updateOne(filter, update);
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
    // Another customer got what is unique in the moment between the two writes of the undo.
    const without = { discordId: null, identities: [], identityKeys: [], uuid: uuidOf(random(16)) };
    await models.customers.updateOne(filter, { ...update, $set: { ...update.$set, ...without } });
  }
}

/** The other record gets what it lacks of a merged one, unless it has it already. */
async function absorbInto(parts: SettleParts, from: CustomerDocument): Promise<void> {
  const { models, vault, now } = parts;
  for (;;) {
    let into: CustomerDocument | null = from;
    while (into && into.retired !== 0 && into.mergedInto !== null) {
      into = await readCustomer(parts, into.mergedInto);
      if (into?.merges.some(({ id }) => id === from._id)) return;
    }
    // Where the merge was undone meanwhile, a slow process must not repeat it: the undo shows as an entry in the other
    // record, then as a record that counts, and the write below misses one that begins now.
    const isUndone = into?.outbox?.some(({ returning }) => returning === from._id);
    if (!into || isUndone || (await readCustomer(parts, from._id))?.retired === 0) return;
    const { _id, rev } = into;
    const store = (own: CustomerDocument) =>
      models.customers.updateOne(
        { _id, rev, retired: 0 },
        { $set: customerFieldsOf(absorb(vault, storedOf(into), storedOf(own), now())), $inc: { rev: 1 } },
      );
    try {
      if ((await store(from)).matchedCount === 1) return;
    } catch (error) {
      if (duplicateFields(error) === null) throw error;
      const isStored = await store({ ...from, discordId: null, identities: [], uuidSupplied: false });
      if (isStored.matchedCount === 1) return;
    }
  }
}

/** Moves the licenses of a merged record to the one that counts, which is returned. */
async function giveLicenses(parts: SettleParts, from: CustomerDocument): Promise<CustomerDocument | null> {
  const { customers, licenses } = parts.models;
  for (;;) {
    const into = await currentRecord(parts, from._id);
    if (!into || into._id === from._id) return null;
    const found = await licenses.find({ customerId: from._id }).limit(rowsPerStep).select({ id: 1 }).lean();
    if (found.length === 0) return into;
    const ids = [...new Set(found.map(({ id }) => id))];
    // Remembered first, so that an undo knows of every license that was moved.
    const remember: UpdateQuery<CustomerDocument> = { $addToSet: { movedLicenseIds: { $each: ids } } };
    const { matchedCount } = await customers.updateOne({ _id: from._id, retired: from._id }, remember);
    if (matchedCount === 1) await moveLicenses(parts, { id: { $in: ids }, customerId: from._id }, into);
  }
}

/** The licenses of a record that counts get its Discord user, name and UUID. */
async function copyIntoLicenses(parts: SettleParts, customer: CustomerDocument): Promise<void> {
  const { licenses } = parts.models;
  let current: CustomerDocument | null = customer;
  while (current?.retired === 0) {
    const { _id: customerId, discordId, uuid: customerUuid } = current;
    await moveLicenses(parts, { customerId, ownerId: { $ne: discordId } }, current);
    await licenses.updateMany({ customerId, customerUuid: { $ne: customerUuid } }, { $set: { customerUuid } });
    // A license may have been published between the two writes, and the record may have been changed again.
    const isLeft = await licenses.exists({ customerId, ownerId: { $ne: discordId } });
    current = await readCustomer(parts, customerId);
    if (!isLeft && current?.retired === 0 && current.discordId === discordId && current.uuid === customerUuid) return;
  }
  if (current) await settleCustomer(parts, current._id);
}

async function moveLicenses(
  { models, now }: SettleParts,
  filter: object,
  { _id: customerId, discordId: ownerId, uuid: customerUuid }: CustomerDocument,
): Promise<void> {
  const { licenses, users } = models;
  const user = ownerId === null ? null : await users.findById(ownerId).lean();
  const owner = user && { username: user.username, discriminator: user.discriminator };
  const belonging: Partial<LicenseDocument> = { customerId, ownerId, owner, customerUuid };
  const published = { $set: { ...belonging, updatedAt: now() }, $inc: { rev: 1, revision: 1 } };
  await licenses.updateMany({ ...filter, unpublished: null }, published);
  await licenses.updateMany({ ...filter, unpublished: { $ne: null } }, { $set: belonging });
}
