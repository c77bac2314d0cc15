import type { Product } from '../../domain/product.ts';

/** A product as JSON. */
export function productJson({ id, uuid, name, version, versionPolicy, features, metadata }: Product): object {
  return { id, uuid, name, version, versionPolicy, features, metadata };
}
