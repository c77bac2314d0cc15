import type { CheckRequest } from '../../domain/check-request.ts';
import type { ProductReader } from '../../domain/snapshot.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';

/** Of the products that a request names by number, in its order: the license's own, or else the first that is known. */
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
