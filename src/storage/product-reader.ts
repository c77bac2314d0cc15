import type { ProductReader } from '../domain/snapshot.ts';
import type { Product } from '../domain/product.ts';
import { foldName } from '../domain/values/text.ts';

/** Indexes a guild's products, deleted ones included, for the rules of a check. */
export function createProductReader(products: Iterable<Product>): ProductReader {
  const byId = new Map<number, Product>();
  const byUuid = new Map<string, Product>();
  const byName = new Map<string, Product>();
  for (const product of products) {
    byId.set(product.id, product);
    if (product.deletedAt) continue;
    byUuid.set(product.uuid.toLowerCase(), product);
    for (const name of [product.name, ...product.aliases]) byName.set(foldName(name), product);
  }
  const sorted = [...byId.values()]
    .filter((product) => !product.deletedAt)
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));

  return {
    byId: (id) => byId.get(id) ?? null,
    byName: (name) => byName.get(foldName(name)) ?? null,
    byUuid: (uuid) => byUuid.get(uuid.toLowerCase()) ?? null,
    all: () => sorted,
  };
}
