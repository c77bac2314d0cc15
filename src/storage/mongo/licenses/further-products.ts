import type { MongoStore } from '../connection.ts';
import { collectionOf } from '../database/models.ts';
import type { DeleteStep } from '../steps.ts';
import type { Filter, GuildProducts, Source } from './state-filters.ts';

const byFurtherProduct = { furtherProductIds: 1, id: -1 } as const;
const byAllProducts = { guildId: 1, allProducts: 1, id: -1 } as const;

/** The licenses that are for the product: as their main one, a further one, or with all of their guild. */
export function isForProduct(productId: number, products: GuildProducts): Filter {
  const every = isOfGuild(productId, products) ? [{ allProducts: true }] : [];
  return { $or: [{ productId }, { furtherProductIds: productId }, ...every] };
}

/** Licenses that are for the product besides their main one, from one index each. */
export function furtherSources(productId: number, products: GuildProducts): readonly Source[] {
  const further = { filter: { furtherProductIds: productId }, hint: byFurtherProduct };
  return isOfGuild(productId, products) ? [further, { filter: { allProducts: true }, hint: byAllProducts }] : [further];
}

function isOfGuild(productId: number, { alive, deleted }: GuildProducts): boolean {
  return alive.includes(productId) || deleted.includes(productId);
}

/** How many licenses that match `isCounted` are for the product besides their main one. */
export async function countFurther(
  { models }: MongoStore,
  guildId: string,
  productId: number,
  products: GuildProducts,
  isCounted: Filter,
): Promise<number> {
  const others: Filter = { guildId, unpublished: null, productId: { $ne: productId } };
  const counts = await Promise.all(
    furtherSources(productId, products).map(({ filter, hint }) => {
      // A license that is for every product may have further ones, too, for the time when it no longer is.
      const once = { allProducts: hint === byAllProducts };
      const isFound = { $and: [filter, once, others, isCounted] };
      return collectionOf(models.licenses).countDocuments(isFound as object, { hint });
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Takes products that are about to be purged out of the licenses that have them as further ones. */
export function dropPurgedProducts({ models }: MongoStore, productIds: readonly number[]): DeleteStep {
  const licenses = collectionOf(models.licenses);
  return async (rows) => {
    if (productIds.length === 0) return 0;
    const found = await models.licenses
      .find({ furtherProductIds: { $in: productIds } })
      .hint(byFurtherProduct)
      .limit(rows)
      .select({ _id: 1 })
      .lean();
    if (found.length === 0) return 0;
    const named = { _id: { $in: found.map(({ _id }) => _id) } } as object;
    const drop = { $pull: { furtherProductIds: { $in: productIds } }, $inc: { rev: 1 } };
    return (await licenses.updateMany(named, drop)).modifiedCount;
  };
}
