import { type License, maxFurtherProducts } from './license.ts';
import type { Product } from './product.ts';
import type { ProductReader } from './snapshot.ts';

type OfProducts = Pick<License, 'productId' | 'furtherProductIds' | 'allProducts'>;

/** Whether the license is for this product of its guild. Staff licenses are for no more than they say; rules skip them. */
export function isForProduct(license: OfProducts, productId: number): boolean {
  return license.productId === productId || license.allProducts || license.furtherProductIds.includes(productId);
}

/** Whether the license is for its main product alone. */
export function hasOneProduct({ furtherProductIds, allProducts }: OfProducts): boolean {
  return furtherProductIds.length === 0 && !allProducts;
}

/**
 * The products that the license is for, its main one first, without those that are deleted. Of a license for all
 * products these are the guild's, by name, at most as many as a license can name.
 */
export function productsOf(license: OfProducts, products: ProductReader): readonly Product[] {
  const main = products.byId(license.productId);
  const others = license.allProducts
    ? products
        .all()
        .filter(({ id }) => id !== license.productId)
        .slice(0, maxFurtherProducts)
    : license.furtherProductIds.map((id) => products.byId(id));
  return [main, ...others].filter((product) => product !== null).filter(({ deletedAt }) => deletedAt === null);
}
