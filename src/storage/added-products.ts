import type { License } from '../domain/license.ts';

type Products = Pick<License, 'productId' | 'furtherProductIds'>;

/** The products that licenses name. */
export function namedProducts(licenses: readonly Products[]): ReadonlySet<number> {
  return new Set(licenses.flatMap(({ productId, furtherProductIds }) => [productId, ...furtherProductIds]));
}

/** The products that a license names after a change and did not name before. */
export function addedProducts(before: Products, after: Products): readonly number[] {
  const known = namedProducts([before]);
  return [...namedProducts([after])].filter((id) => !known.has(id));
}
