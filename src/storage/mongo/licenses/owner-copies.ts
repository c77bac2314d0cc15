import { isDeepStrictEqual } from 'node:util';
import { readCustomerIds } from './customer-copies.ts';
import type { LicenseDocument } from '../documents.ts';
import type { Models } from '../models.ts';

/** What a license keeps a copy of, so that a check reads one document. */
export type OwnerCopy = Pick<LicenseDocument, 'owner' | 'customerId'>;

/** What is known of these users of one guild, by id. */
export type Owners = ReadonlyMap<string, OwnerCopy>;

const nobody: OwnerCopy = { owner: null, customerId: null };

export function copyOf(owners: Owners, ownerId: string | null): OwnerCopy {
  return (ownerId === null ? null : owners.get(ownerId)) ?? nobody;
}

/** Of users by id; null stands for nobody. */
export async function readOwners(models: Models, guildId: string, ids: readonly (string | null)[]): Promise<Owners> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const [users, customerIds] = await Promise.all([
    models.users.find({ _id: { $in: wanted } }).lean(),
    readCustomerIds(models, guildId, wanted),
  ]);
  const known = new Map(users.map(({ _id, username, discriminator }) => [_id, { username, discriminator }]));
  return new Map(wanted.map((id) => [id, { owner: known.get(id) ?? null, customerId: customerIds.get(id) ?? null }]));
}

/**
 * After licenses were stored with a copy of what was known of their owners. Whoever learns something new stores it
 * first where it belongs and then in the licenses that he finds: he may have missed these.
 */
export async function correctOwners(
  models: Models,
  guildId: string,
  licenseIds: readonly number[],
  copied: Owners,
): Promise<void> {
  let stored = copied;
  for (;;) {
    const known = await readOwners(models, guildId, [...stored.keys()]);
    const wrong = [...known].filter(([id, copy]) => !isDeepStrictEqual(copy, copyOf(stored, id)));
    if (wrong.length === 0) return;
    for (const [ownerId, copy] of wrong) {
      await models.licenses.updateMany({ id: { $in: licenseIds }, ownerId }, { $set: copy });
    }
    stored = known;
  }
}
