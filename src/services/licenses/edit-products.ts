import { maxFurtherProducts, type License } from '../../domain/license.ts';
import { furtherProductsOf } from '../../domain/license-products.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Product } from '../../domain/product.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { foldName } from '../../domain/values/text.ts';
import { findProduct } from '../products/find-product.ts';
import type { EditInput, IssueInput } from './license-service.ts';

interface EditedProducts extends Pick<License, 'productId' | 'furtherProductIds' | 'allProducts'> {
  readonly product: Product;
  readonly furtherProducts: readonly Product[];
}

/** The products of a new license. Fails with product-not-found, product-required, product-twice, too-many-products. */
export function readProducts(bundle: Bundle, input: IssueInput): Result<EditedProducts, CommandError> {
  const main = findProduct(bundle, input.product);
  if (!main.ok) return main;
  const further = addProducts(bundle, main.value, [], input.furtherProducts);
  return further.ok ? succeed(withProducts(bundle, main.value, further.value, input.allProducts ?? false)) : further;
}

/**
 * The products of a license after an edit: a new main product takes the place of the one before, products are removed,
 * and then others are added. Fails with product-not-of-license, product-is-main and the errors of `readProducts`.
 */
export function editProducts(
  bundle: Bundle,
  { license, product }: { readonly license: License; readonly product: Product },
  input: EditInput,
): Result<EditedProducts, CommandError> {
  const main = input.product === undefined ? succeed(product) : findProduct(bundle, input.product);
  if (!main.ok) return main;
  const removed = removeProducts(bundle, main.value, license, input.removeProducts);
  if (!removed.ok) return removed;
  const further = addProducts(bundle, main.value, removed.value, input.addProducts);
  if (!further.ok) return further;
  return succeed(withProducts(bundle, main.value, further.value, input.allProducts ?? license.allProducts));
}

function withProducts(
  { products }: Bundle,
  product: Product,
  furtherProductIds: readonly number[],
  allProducts: boolean,
): EditedProducts {
  const ids = { productId: product.id, furtherProductIds, allProducts };
  return { ...ids, product, furtherProducts: furtherProductsOf(ids, products) };
}

function removeProducts(
  bundle: Bundle,
  main: Product,
  { productId, furtherProductIds }: License,
  texts: readonly string[] = [],
): Result<readonly number[], CommandError> {
  const before = [productId, ...furtherProductIds];
  const removed = new Set([main.id]);
  for (const text of texts) {
    const found = findOwn(bundle, before, text) ?? findProduct(bundle, text);
    if (!found.ok) return found;
    const { id, name } = found.value;
    if (id === main.id) return fail({ code: 'product-is-main', product: name });
    if (!before.includes(id)) return fail({ code: 'product-not-of-license', product: name });
    removed.add(id);
  }
  return succeed(furtherProductIds.filter((id) => !removed.has(id)));
}

/** One of these products, which may be deleted: a license need not keep what it cannot use. */
function findOwn({ products }: Bundle, ids: readonly number[], text: string) {
  const typed = foldName(text);
  const own = ids.map((id) => products.byId(id)).filter((product) => product !== null);
  const found =
    own.find(({ id, uuid }) => String(id) === typed || uuid === typed) ??
    own.find(({ name, aliases }) => [name, ...aliases].some((each) => foldName(each) === typed));
  return found ? succeed(found) : null;
}

function addProducts(
  bundle: Bundle,
  main: Product,
  current: readonly number[],
  texts: readonly string[] = [],
): Result<readonly number[], CommandError> {
  const ids = [...current];
  for (const text of texts) {
    const found = findProduct(bundle, text);
    if (!found.ok) return found;
    const { id, name } = found.value;
    if (id === main.id || ids.includes(id)) return fail({ code: 'product-twice', product: name });
    ids.push(id);
  }
  return ids.length > maxFurtherProducts ? fail({ code: 'too-many-products', max: maxFurtherProducts }) : succeed(ids);
}
