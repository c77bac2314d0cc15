import type { mongo } from 'mongoose';
import type { StoredCustomer } from '../../customers/stored-customer.ts';
import { emptyCustomer } from '../../customers/new-customer.ts';
import type { Vault } from '../../vault.ts';
import { customerFieldsOf } from '../customers/documents.ts';
import type { OutboxEntry } from '../documents.ts';
import { takeNumbers } from '../ids.ts';
import { rowsPerStep } from '../steps.ts';
import { collectionOf, dropReplacedIndexes, type Models } from './models.ts';

/** Of an older version: a Discord user for whom a UUID was supplied, or was and is not any more. */
interface SuppliedUuid {
  readonly _id: string;
  readonly guildId: string;
  readonly userId: string;
  readonly uuid: string | null;
  readonly outbox?: readonly OutboxEntry[];
}

interface Person {
  readonly guildId: string;
  readonly discordId: string;
  readonly createdAt: Date;
  /** null: none was supplied. */
  readonly uuid: string | null;
  readonly outbox?: readonly OutboxEntry[];
}

/**
 * Makes records of the customers whom an older version stored as the owners of licenses and by their supplied UUIDs.
 * Licenses get the UUID of their own last (`fillModelFields`): those without one still need their customer, so that this
 * goes on where it was cut off.
 */
export async function fillCustomers(models: Models, vault: Vault): Promise<void> {
  await convertSuppliedUuids(models, vault);
  await addOwners(models, vault);
}

async function convertSuppliedUuids(models: Models, vault: Vault): Promise<void> {
  const { customers, guilds } = models;
  const old = customers.collection as unknown as mongo.Collection<SuppliedUuid>;
  const supplied = { _id: { $type: 'string' } } as unknown as mongo.Filter<SuppliedUuid>;
  if (!(await old.findOne(supplied))) return;
  // The record and what it is made of have one UUID for a moment.
  await dropReplacedIndexes(models, 'customers');
  for await (const { _id, userId: discordId, outbox, ...one } of old.find(supplied)) {
    const guild = await guilds.findById(one.guildId).select({ createdAt: 1 }).lean();
    const person = { ...one, discordId, createdAt: guild?.createdAt ?? new Date(0), ...(outbox && { outbox }) };
    await addRecords(models, vault, [person]);
    await old.deleteOne({ _id });
  }
}

async function addOwners(models: Models, vault: Vault): Promise<void> {
  const licenses = collectionOf(models.licenses);
  const owned = { uuid: null, ownerId: { $gte: '' }, customerId: { $not: { $type: 'number' } } } as object;
  const owners = licenses.aggregate<{ readonly _id: { guildId: string; discordId: string }; createdAt: Date }>(
    [
      { $match: owned },
      { $group: { _id: { guildId: '$guildId', discordId: '$ownerId' }, createdAt: { $min: '$createdAt' } } },
    ],
    { allowDiskUse: true },
  );
  let people: Person[] = [];
  const flush = async () => {
    const records = await addRecords(models, vault, people);
    people = [];
    const updates = records.map(({ id: customerId, guildId, discordId, uuid: customerUuid }) => ({
      updateMany: { filter: { ...owned, guildId, ownerId: discordId }, update: { $set: { customerId, customerUuid } } },
    }));
    if (updates.length > 0) await licenses.bulkWrite(updates, { ordered: false });
  };
  for await (const { _id, createdAt } of owners) {
    people.push({ ..._id, createdAt, uuid: null });
    if (people.length === rowsPerStep) await flush();
  }
  await flush();
}

type KnownRecord = Pick<StoredCustomer, 'id' | 'guildId' | 'discordId' | 'uuid'>;

/** The records of these people; those who have none get one. */
async function addRecords(models: Models, vault: Vault, people: readonly Person[]): Promise<readonly KnownRecord[]> {
  if (people.length === 0) return [];
  const nameOf = (one: Pick<StoredCustomer, 'guildId' | 'discordId'>) => `${one.guildId} ${one.discordId}`;
  const found = await models.customers
    .find({ $or: people.map(({ guildId, discordId }) => ({ guildId, discordId, retired: 0 })) })
    .select({ guildId: 1, discordId: 1, uuid: 1 })
    .lean();
  const known = found.map(({ _id: id, guildId, discordId, uuid }) => ({ id, guildId, discordId, uuid }));
  const names = new Set(known.map(nameOf));
  const missing = people.filter((person) => !names.has(nameOf(person)));
  if (missing.length === 0) return known;
  const firstId = await takeNumbers(models, 'customer', missing.length);
  const made = missing.map(({ createdAt, uuid, outbox, ...person }, index) => {
    const parts = { vault, now: () => createdAt, random: () => Buffer.alloc(0) };
    const record = emptyCustomer(parts, { ...person, id: firstId + index }, false);
    return { ...record, ...(uuid !== null && { uuid, uuidSupplied: true }), ...(outbox && { outbox }) };
  });
  const documents = made.map(({ id: _id, ...record }) => ({
    _id,
    rev: 0,
    ...customerFieldsOf({ ...record, id: _id }),
  }));
  await collectionOf(models.customers).insertMany(documents);
  return [...known, ...made];
}
