import { foldSearched } from '../values/text.ts';

/** The names by which a customer is searched for a part of them, folded, one a line. */
export function foldedNames(customer: { readonly username: string | null; readonly fullName: string | null }): string {
  return [customer.username, customer.fullName].map((name) => (name === null ? '' : foldSearched(name))).join('\n');
}
