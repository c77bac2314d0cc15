import type { CheckRequest } from '../../domain/check-request.ts';
import type { ProductReader } from '../../domain/snapshot.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';

/**
 * The product that a request is about, among those that it names by number: the license's own where it is among them, or
 * else the first that exists.
 */
export function askedProduct(
  { guildReference: reference }: CheckRequest,
  products: ProductReader,
  license: License | null,
): Product | null {
  if (reference.by !== 'product') return null;
  const known = reference.productIds
    .map((id) => products.byId(id))
    .filter((product) => product !== null)
    .filter(({ deletedAt }) => deletedAt === null);
  const own = license?.staff === false ? known.find(({ id }) => id === license.productId) : undefined;
  return own ?? known[0] ?? null;
}
