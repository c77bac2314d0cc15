import { canonicalText, foldText, isPrintable } from '../values/text.ts';

/** RFC 5321, section 4.5.3.1. */
const maxAddressLength = 254;
const maxLocalPartLength = 64;

/** Reads an e-mail address as a person types it, in its stored form; null: the text is none. */
export function parseEmail(text: string): string | null {
  const address = canonicalText(text);
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, Math.max(at, 0)), address.slice(at + 1)];
  const isTooLong = address.length > maxAddressLength || local.length > maxLocalPartLength;
  if (local === '' || isTooLong || /\s/u.test(address) || !isPrintable(address) || local.includes('@')) return null;
  return /^[^.]+(?:\.[^.]+)*$/u.test(domain) ? address : null;
}

/** The form in which addresses are compared. Providers treat letter case alike, although the standard allows others. */
export function foldEmail(address: string): string {
  return foldText(canonicalText(address));
}

/** The address as it is shown: `j…@example.com`. Of a local part of one character nothing is shown. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = '', ...others] = [...new Intl.Segmenter('und').segment(address.slice(0, at))];
  const shown = first !== '' && others.length > 0 ? first.segment : '';
  return `${shown}…${address.slice(at)}`;
}
