import { type Licenses, maxFoldedKeys } from '../../port/licenses.ts';
import type { MongoStore } from '../connection.ts';
import { foldedText, licenseProjection, licenseOf, type StoredLicense, openKey } from './documents.ts';
import { findDocument, findLicense } from './find.ts';
import { countFound, searchLicenses } from './search.ts';
import { publishedOf, currentIdOf } from './pending-copy.ts';

type Queries = Pick<
  Licenses,
  'license' | 'licenses' | 'countLicensesBy' | 'licenseKey' | 'licensesByFoldedKey' | 'licensesOf'
>;

export function createLicenseQueries(store: MongoStore): Queries {
  const { models, vault } = store;

  /** Leaves out licenses of deleted products: they are deleted with their product. */
  async function aliveOf<T extends { readonly productId: number }>(licenses: readonly T[]): Promise<readonly T[]> {
    const ids = [...new Set(licenses.map(({ productId }) => productId))];
    const found = await models.products
      .find({ _id: { $in: ids }, gone: false, deletedAt: null })
      .select({ _id: 1 })
      .lean();
    const alive = new Set(found.map(({ _id }) => _id));
    return licenses.filter(({ productId }) => alive.has(productId));
  }

  return {
    license: (guildId, ref) => store.run(() => findLicense(store, guildId, ref)),

    licenses: (guildId, query, page) =>
      store.run(async () => (await searchLicenses(store, guildId, query, page)).map(licenseOf)),

    countLicensesBy: (guildId, query) => store.run(() => countFound(store, guildId, query)),

    licenseKey: (guildId, licenseId) =>
      store.run(async () => {
        const found = await findDocument(store, guildId, { id: licenseId });
        if (!found) return null;
        const currentId = currentIdOf(found);
        const holder = currentId === found._id ? found : await models.licenses.findById(currentId).lean();
        return holder && openKey(vault, holder);
      }),

    licensesByFoldedKey: (guildId, text) =>
      store.run(async () => {
        const keyFolded = foldedText(vault.foldedKey(text));
        const found = await models.licenses
          .find({ keyFolded, unpublished: null, ...(guildId === null ? {} : { guildId }) })
          .sort({ id: 1 })
          .limit(maxFoldedKeys)
          .select(licenseProjection)
          .lean<StoredLicense[]>();
        return found.map(licenseOf);
      }),

    licensesOf: (ownerId) =>
      store.run(async () => {
        const found = await models.licenses.find({ ownerId }).select(licenseProjection).lean<StoredLicense[]>();
        // Roles depend on this list, so it includes a license that is moving to a new key and has no published
        // document.
        const alive = await aliveOf(publishedOf(found).filter(({ deletedAt }) => deletedAt === null));
        return alive.map(licenseOf).sort((a, b) => b.id - a.id);
      }),
  };
}

/** Counts the licenses of a product that are not deleted themselves, and their distinct owners. */
export async function countLicenses({ models: { licenses } }: MongoStore, guildId: string, productId: number) {
  const alive = { productId, guildId, unpublished: null, deletedAt: null };
  const [count, owners] = await Promise.all([
    licenses.countDocuments(alive),
    licenses.aggregate<{ readonly count: number }>([
      { $match: { ...alive, ownerId: { $ne: null } } },
      { $group: { _id: '$ownerId' } },
      { $count: 'count' },
    ]),
  ]);
  return { licenses: count, owners: owners[0]?.count ?? 0 };
}
