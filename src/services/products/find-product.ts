import type { Bundle } from '../../domain/snapshot.ts';
import { parseUuid } from '../../domain/values/ids.ts';
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { foldName } from '../../domain/values/text.ts';
import type { ServiceContext } from '../context.ts';
import type { ProductInfo, ProductService } from './product-service.ts';

const number = /^\d{1,10}$/;

/**
 * Finds a product by id, UUID, name or alias. The id comes first because options autocomplete with ids, and a product
 * whose name is a number must not be found instead. null finds the only product of the guild. Fails with
 * product-not-found (also for deleted products) or product-required.
 */
export function findProduct({ products }: Bundle, text: string | null): Result<Product, CommandError> {
  if (text === null) {
    const [only, ...others] = products.all();
    if (only && others.length === 0) return succeed(only);
    if (!only) return fail({ code: 'product-not-found', product: null });
    return fail({ code: 'product-required', products: products.all().map((product) => product.name) });
  }
  const typed = text.trim();
  const byId = number.test(typed) ? products.byId(Number(typed)) : null;
  if (byId && !byId.deletedAt) return succeed(byId);
  const uuid = parseUuid(typed);
  const found = (uuid === null ? null : products.byUuid(uuid)) ?? products.byName(typed);
  return found ? succeed(found) : fail({ code: 'product-not-found', product: typed });
}

export function createFindProduct({
  storage,
}: ServiceContext): Pick<ProductService, 'find' | 'findDeleted' | 'all' | 'list' | 'info'> {
  async function find(guildId: string, text: string | null): Promise<Result<Product, CommandError>> {
    const bundle = await storage.bundle(guildId);
    return bundle ? findProduct(bundle, text) : fail({ code: 'guild-not-found', guildId });
  }

  async function findDeleted(guildId: string, text: string): Promise<Result<Product, CommandError>> {
    const folded = foldName(text);
    const deleted = await storage.deletedProducts(guildId);
    const found =
      deleted.find((product) => String(product.id) === folded || product.uuid === folded) ??
      deleted.find((product) => [product.name, ...product.aliases].some((name) => foldName(name) === folded));
    return found ? succeed(found) : fail({ code: 'product-not-found', product: text });
  }

  async function withCounts(product: Product): Promise<ProductInfo> {
    return { product, ...(await storage.countLicenses(product.guildId, product.id)) };
  }

  async function all(guildId: string): Promise<readonly Product[]> {
    return (await storage.bundle(guildId))?.products.all() ?? [];
  }

  async function list(guildId: string): Promise<readonly ProductInfo[]> {
    return Promise.all((await all(guildId)).map(withCounts));
  }

  async function info(guildId: string, productId: number): Promise<Result<ProductInfo, CommandError>> {
    const product = (await storage.bundle(guildId))?.products.byId(productId);
    if (!product || product.deletedAt) return fail({ code: 'product-not-found', product: String(productId) });
    return succeed(await withCounts(product));
  }

  return { find, findDeleted, all, list, info };
}
