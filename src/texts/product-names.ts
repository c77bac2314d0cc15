import type { LicenseProducts } from '../domain/license-products.ts';
import { count } from './count.ts';

type Quote = (name: string) => string;

/** So many products of a license are named; its card in JSON has all of them. */
const maxNamed = 5;
const words = new Intl.ListFormat('en-GB');
const asItIs: Quote = (name) => name;

/** What a license is for: `Vault`, `Vault and Panel`, `Vault and all other products`. */
export function describeProducts({ license, product, furtherProducts }: LicenseProducts, quote = asItIs): string {
  if (license.allProducts) return `${quote(product.name)} and all other products`;
  return listProducts([product, ...furtherProducts], quote);
}

/** What a license is for besides its main product; null: nothing. */
export function describeFurther({ license, furtherProducts }: LicenseProducts, quote = asItIs): string | null {
  if (license.allProducts) return 'all other products';
  return furtherProducts.length === 0 ? null : listProducts(furtherProducts, quote);
}

/** `Vault, Panel and 3 more`. */
export function listProducts(products: readonly { readonly name: string }[], quote = asItIs): string {
  const names = products.slice(0, maxNamed).map(({ name }) => quote(name));
  const more = products.length - names.length;
  return words.format(more > 0 ? [...names, `${more} more`] : names);
}

/** What licenses of other main products lose, or have lost, with a deleted product. */
export function describeKept(further: number, isDone: boolean): string {
  const [lose, keep] = isDone ? ['lost', 'kept'] : further === 1 ? ['loses', 'keeps'] : ['lose', 'keep'];
  return `${count(further, 'other license')} ${lose} it and ${keep} the rest.`;
}
