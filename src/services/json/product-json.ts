import type { Product } from '../../domain/product.ts';

/** A product as JSON. `expires` and `trial` are terms, such as `30d`; null: licenses never end, there are no trials. */
export function productJson(product: Product): object {
  const { id, uuid, name, version, versionPolicy, features, metadata, term: expires, trial, graceDays } = product;
  return { id, uuid, name, version, versionPolicy, features, metadata, expires, trial, graceDays };
}
