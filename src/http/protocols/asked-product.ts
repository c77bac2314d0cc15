import type { CheckRequest } from '../../domain/check-request.ts';
import { isForProduct } from '../../domain/license-products.ts';
import type { ProductReader } from '../../domain/snapshot.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';

/**
 * The product that a request is about, among those that it names by number: the first that the license is for, or else
 * the first that exists.
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
  const own = license?.staff === false ? known.find(({ id }) => isForProduct(license, id)) : undefined;
  return own ?? known[0] ?? null;
}
