import type { Release } from '../../domain/product.ts';
import { instantJson } from './instant-json.ts';

/** A release of a product as JSON; `branch` null: the default branch. */
export function releaseJson({ version, branch, status, createdAt, latest }: Release): object {
  return { version, branch, status, createdAt: instantJson(createdAt), latest };
}
