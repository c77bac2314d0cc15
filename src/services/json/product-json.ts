import type { Product } from '../../domain/product.ts';
import { instantJson } from './instant-json.ts';

/** A product as JSON. `expires` and `trial` are terms, such as `30d`; null: licenses never end, there are no trials. */
export function productJson(product: Product): object {
  const { id, uuid, name, version, versionPolicy, features, metadata, term: expires, trial, graceDays } = product;
  const { updatedAt, revision } = product;
  const terms = { expires, trial, graceDays };
  return {
    ...{ id, uuid, name, version, versionPolicy, features, metadata, ...terms },
    ...{ updatedAt: instantJson(updatedAt), revision },
  };
}
