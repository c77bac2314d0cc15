import type { Product } from '../../domain/product.ts';
import { instantJson } from './instant-json.ts';

/** A product as JSON. */
export function productJson({ id, uuid, name, version, versionPolicy, updatedAt, revision }: Product): object {
  return { id, uuid, name, version, versionPolicy, updatedAt: instantJson(updatedAt), revision };
}
