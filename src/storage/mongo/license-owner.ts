import type { LicenseDocument } from './documents.ts';
import type { Models } from './models.ts';

type Owner = LicenseDocument['owner'];

/** What is known of these users, by id. */
export type Owners = ReadonlyMap<string, Owner>;

/** Of users by id; null stands for nobody. */
export async function readOwners({ users }: Models, ids: readonly (string | null)[]): Promise<Owners> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const found = await users.find({ _id: { $in: wanted } }).lean();
  const known = new Map(found.map(({ _id, username, discriminator }) => [_id, { username, discriminator }]));
  return new Map(wanted.map((id) => [id, known.get(id) ?? null]));
}

/**
 * After licenses were stored with a copy of what was known of their owners. Whoever learns a new name stores it first
 * in `users` and then in the licenses that he finds: he may have missed these.
 */
export async function correctOwners(models: Models, licenseIds: readonly number[], copied: Owners): Promise<void> {
  let stored = copied;
  for (;;) {
    const known = await readOwners(models, [...stored.keys()]);
    const wrong = [...known].filter(([id, owner]) => !isSame(owner, stored.get(id) ?? null));
    if (wrong.length === 0) return;
    for (const [ownerId, owner] of wrong) {
      await models.licenses.updateMany({ id: { $in: licenseIds }, ownerId }, { $set: { owner } });
    }
    stored = known;
  }
}

function isSame(one: Owner, other: Owner): boolean {
  return one?.username === other?.username && one?.discriminator === other?.discriminator;
}
