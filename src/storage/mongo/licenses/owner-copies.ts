import { isDeepStrictEqual } from 'node:util';
import { readCustomerIds } from './customer-copies.ts';
import type { LicenseDocument } from '../documents.ts';
import type { Models } from '../database/models.ts';

/** What a license document holds a copy of, so that a check reads one document. */
export type OwnerCopy = Pick<LicenseDocument, 'owner' | 'customerId'>;

/** What is known of users as owners in one guild, by user id. */
export type Owners = ReadonlyMap<string, OwnerCopy>;

const noOwner: OwnerCopy = { owner: null, customerId: null };

export function ownerCopyOf(owners: Owners, ownerId: string | null): OwnerCopy {
  return (ownerId === null ? null : owners.get(ownerId)) ?? noOwner;
}

/**
 * Reads what is known of these users; null stands for a license without owner and is ignored. MongoDB ends each read
 * after `maxTimeMS`, if it is given.
 */
export async function readOwners(
  models: Models,
  guildId: string,
  ids: readonly (string | null)[],
  options: { readonly maxTimeMS?: number } = {},
): Promise<Owners> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const [users, customerIds] = await Promise.all([
    models.users.find({ _id: { $in: wanted } }, null, options).lean(),
    readCustomerIds(models, guildId, wanted, options),
  ]);
  const known = new Map(users.map(({ _id, username, discriminator }) => [_id, { username, discriminator }]));
  return new Map(wanted.map((id) => [id, { owner: known.get(id) ?? null, customerId: customerIds.get(id) ?? null }]));
}

/**
 * Corrects the copies in licenses that were just stored. A process that learns a new name or UUID stores it in its own
 * collection first and then in every license that it finds. It may have missed these licenses, so the copies are
 * compared with the source again until they agree.
 */
export async function correctOwnerCopies(
  models: Models,
  guildId: string,
  licenseIds: readonly number[],
  copied: Owners,
): Promise<void> {
  let stored = copied;
  for (;;) {
    const known = await readOwners(models, guildId, [...stored.keys()]);
    const outdated = [...known].filter(([id, copy]) => !isDeepStrictEqual(copy, ownerCopyOf(stored, id)));
    if (outdated.length === 0) return;
    for (const [ownerId, copy] of outdated) {
      await models.licenses.updateMany({ id: { $in: licenseIds }, ownerId }, { $set: copy });
    }
    stored = known;
  }
}
