import { type Licenses, maxFoldedKeys } from '../../port/licenses.ts';
import type { MongoStore } from '../connection.ts';
import { foldedText, licenseProjection, licenseOf, type StoredLicense, openKey } from './documents.ts';
import { findDocument, findLicense, findOwnedLicense } from './find.ts';
import { countFound } from './counts.ts';
import { licenseIdAt } from './license-id-at.ts';
import { searchLicenses } from './search.ts';
import { publishedOf, currentIdOf } from './pending-copy.ts';

type Queries = Pick<
  Licenses,
  | 'license'
  | 'licenses'
  | 'countLicensesBy'
  | 'licenseIdAt'
  | 'licenseKey'
  | 'licensesByFoldedKey'
  | 'licensesOf'
  | 'licenseOf'
  | 'licensesHelpedBy'
>;

/** How many licenses are read at a time: some milliseconds. */
const licensesPerBatch = 500;

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

  /** The licenses of a user that are not deleted, newest first. */
  function licensesOfUser(filter: { readonly ownerId: string } | { readonly helperIds: string }) {
    return store.run(async () => {
      const theirs = models.licenses.find(filter).select(licenseProjection).lean<StoredLicense>();
      const found: StoredLicense[] = [];
      for await (const license of theirs.cursor({ batchSize: licensesPerBatch })) found.push(license);
      // Roles depend on this list, so it includes a license that is moving to a new key and has no published document.
      const alive = await aliveOf(publishedOf(found).filter(({ deletedAt }) => deletedAt === null));
      return alive.map(licenseOf).sort((a, b) => b.id - a.id);
    });
  }

  return {
    license: (guildId, ref) => store.run(() => findLicense(store, guildId, ref)),

    licenses: (guildId, query, page) =>
      store.run(() => searchLicenses(store, guildId, query, page, (found) => found.map(licenseOf))),

    countLicensesBy: (guildId, query) => store.run(() => countFound(store, guildId, query)),

    licenseIdAt: (guildId, query, position) => store.run(() => licenseIdAt(store, guildId, query, position)),

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

    licensesOf: (ownerId) => licensesOfUser({ ownerId }),

    licensesHelpedBy: (userId) => licensesOfUser({ helperIds: userId }),

    licenseOf: (ownerId, licenseId) =>
      store.run(async () => {
        const found = await findOwnedLicense(store, ownerId, licenseId);
        const [alive] = found?.deletedAt === null ? await aliveOf([found]) : [];
        return alive ?? null;
      }),
  };
}
