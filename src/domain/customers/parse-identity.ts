import { canonicalText, isPrintable } from '../values/text.ts';
import { type CustomerIdentity, identitySystems, maxIdentityLength } from './customer.ts';

/** Reads an identity as `identityText` makes it; null: the text is none. */
export function parseIdentity(text: string): CustomerIdentity | null {
  const typed = canonicalText(text);
  const end = typed.indexOf(':');
  const name = typed.slice(0, Math.max(end, 0)).toLowerCase();
  const system = identitySystems.find((each) => each === name);
  const id = canonicalText(typed.slice(end + 1));
  return system === undefined || id === '' || id.length > maxIdentityLength || !isPrintable(id) ? null : { system, id };
}
