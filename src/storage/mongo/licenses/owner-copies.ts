import type { License } from '../../../domain/license.ts';
import { settleCustomer } from '../customers/settle.ts';
import type { SettleParts } from '../customers/parts.ts';
import type { LicenseDocument } from '../documents.ts';
import type { Models } from '../database/models.ts';

/** What a license document holds a copy of, so that a check reads one document. */
export type OwnerCopy = Pick<LicenseDocument, 'owner' | 'customerUuid'>;

type Belonging = Pick<License, 'ownerId' | 'customerId'>;

/** What is known of owners and customers. */
export interface Owners {
  /** By Discord user id. */
  readonly names: ReadonlyMap<string, LicenseDocument['owner']>;
  /** By the id of the customer. */
  readonly uuids: ReadonlyMap<number, string>;
}

export function ownerCopyOf({ names, uuids }: Owners, { ownerId, customerId }: Belonging): OwnerCopy {
  return {
    owner: (ownerId === null ? null : names.get(ownerId)) ?? null,
    customerUuid: (customerId === null ? null : uuids.get(customerId)) ?? null,
  };
}

/** Reads what is known of those whom the licenses belong to. */
export async function readOwners(models: Models, licenses: readonly Belonging[]): Promise<Owners> {
  const ownerIds = [...new Set(licenses.map(({ ownerId }) => ownerId).filter((id) => id !== null))];
  const customerIds = [...new Set(licenses.map(({ customerId }) => customerId).filter((id) => id !== null))];
  const [users, customers] = await Promise.all([
    ownerIds.length === 0 ? [] : models.users.find({ _id: { $in: ownerIds } }).lean(),
    customerIds.length === 0
      ? []
      : models.customers
          .find({ _id: { $in: customerIds } })
          .select({ uuid: 1 })
          .lean(),
  ]);
  return {
    names: new Map(users.map(({ _id, username, discriminator }) => [_id, { username, discriminator }])),
    uuids: new Map(customers.map(({ _id, uuid }) => [_id, uuid])),
  };
}

/**
 * Corrects licenses that were just stored. A process that learns a new name, or that changes or merges a customer, stores
 * that in its own collection first and then in every license that it finds. It may have missed these licenses.
 */
export async function correctOwnerCopies(
  parts: SettleParts,
  licenseIds: readonly number[],
  licenses: readonly Belonging[],
  copied: Owners,
): Promise<void> {
  const { models } = parts;
  const customerIds = [...new Set(licenses.map(({ customerId }) => customerId).filter((id) => id !== null))];
  for (const customerId of customerIds) await settleIfChanged(parts, licenseIds, customerId);
  let stored = copied.names;
  const ownerIds = [...new Set(licenses.map(({ ownerId }) => ownerId).filter((id) => id !== null))];
  for (;;) {
    const { names } = await readOwners(
      models,
      ownerIds.map((ownerId) => ({ ownerId, customerId: null })),
    );
    const outdated = [...names].filter(([id, name]) => !isSameName(name, stored.get(id) ?? null));
    if (outdated.length === 0) return;
    for (const [ownerId, owner] of outdated) {
      await models.licenses.updateMany({ id: { $in: licenseIds }, ownerId }, { $set: { owner } });
    }
    stored = names;
  }
}

function isSameName(a: LicenseDocument['owner'], b: LicenseDocument['owner']): boolean {
  return a?.username === b?.username && a?.discriminator === b?.discriminator;
}

/** Whether all of these licenses hold what their customer has now is one look; most often they do. */
async function settleIfChanged(parts: SettleParts, licenseIds: readonly number[], customerId: number): Promise<void> {
  const { customers, licenses } = parts.models;
  const customer = await customers.findById(customerId).select({ retired: 1, discordId: 1, uuid: 1 }).lean();
  if (!customer) return;
  const isOther = { $or: [{ ownerId: { $ne: customer.discordId } }, { customerUuid: { $ne: customer.uuid } }] };
  const isOutdated =
    customer.retired !== 0 || (await licenses.exists({ id: { $in: licenseIds }, customerId, ...isOther }));
  if (isOutdated) await settleCustomer(parts, customerId);
}
