import type { License } from './license.ts';
import type { Product } from './product.ts';
import type { ProductReader } from './snapshot.ts';

type OfProducts = Pick<License, 'productId' | 'furtherProductIds' | 'allProducts'>;

/** A license with its products, as far as they still exist. */
export interface LicenseProducts {
  readonly license: License;
  /** The main product. */
  readonly product: Product;
  /** The further products that the license names, without deleted ones. */
  readonly furtherProducts: readonly Product[];
}

/** Whether the license is for this product of its guild. Rules that staff licenses skip do not ask. */
export function isForProduct(license: OfProducts, productId: number): boolean {
  return license.productId === productId || license.allProducts || license.furtherProductIds.includes(productId);
}

/** The further products that the license names, in their order, without those that are deleted. */
export function furtherProductsOf({ furtherProductIds }: OfProducts, products: ProductReader): readonly Product[] {
  if (furtherProductIds.length === 0) return [];
  const further = furtherProductIds.map((id) => products.byId(id)).filter((product) => product !== null);
  return further.filter(({ deletedAt }) => deletedAt === null);
}

/** Every product that the license is for, its main one first, the others without those that are deleted. */
export function productsOf(license: OfProducts, main: Product, products: ProductReader): readonly Product[] {
  const others = license.allProducts
    ? products.all().filter(({ id }) => id !== main.id)
    : furtherProductsOf(license, products);
  return [main, ...others];
}
