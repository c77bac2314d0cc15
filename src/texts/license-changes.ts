import type { Ending, Expiry } from '../domain/expiry.ts';
import type { LicenseProducts } from '../domain/license-products.ts';
import {
  type BindingKind,
  bindingKinds,
  type InheritableForgetAfter,
  type InheritableLimit,
} from '../domain/limits.ts';
import type { MetadataEntry } from '../domain/values/metadata.ts';
import { describeDays, describeMinutes } from './count.ts';
import { refillText } from '../domain/parse-points.ts';
import { listProducts } from './product-names.ts';
import { utcInstant } from './text-format.ts';

/** One field of a license before and after a change: `IP limit`, `inherit`, `3`. */
export interface LicenseChangeText {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

const kindNames: Readonly<Record<BindingKind, string>> = { ip: 'IP', hwid: 'HWID', mac: 'MAC' };

/** What an edit of a license changed, field by field. */
export function describeLicenseChanges(before: LicenseProducts, after: LicenseProducts): readonly LicenseChangeText[] {
  const [textsBefore, textsAfter] = [textsOf(before), textsOf(after)];
  const fields = new Set([...textsBefore.keys(), ...textsAfter.keys()]);
  return [...fields].flatMap((field) => {
    const [text = 'none', textAfter = 'none'] = [textsBefore.get(field), textsAfter.get(field)];
    return textAfter === text ? [] : [{ field, before: text, after: textAfter }];
  });
}

function textsOf({ license, product, furtherProducts }: LicenseProducts): ReadonlyMap<string, string> {
  const { name, note, order, staff, limits, forgetAfter, scope, points, features, metadata } = license;
  return new Map([
    ['product', product.name],
    ['further products', furtherProducts.length === 0 ? 'none' : listProducts(furtherProducts)],
    ['all products', license.allProducts ? 'yes' : 'no'],
    ['name', name ?? 'none'],
    ['note', note ?? 'none'],
    ['order', order ?? 'none'],
    ['suspended', license.holds.map(({ kind }) => kind).join(', ') || 'no'],
    ['scope', scope ?? 'none'],
    ['validation points', points.left === null ? 'unlimited' : String(points.left)],
    ['point limit', points.limit === null ? 'none' : String(points.limit)],
    ['point refill', refillText(points)],
    ['features', features.length === 0 ? 'none' : features.join(', ')],
    ...metadata.map((entry) => [`metadata “${entry.key}”`, metadataText(entry)] as const),
    ['staff license', staff ? 'yes' : 'no'],
    ['expiry', expiryText(license)],
    ...bindingKinds.map((kind) => [`${kindNames[kind]} limit`, limitText(limits[kind])] as const),
    ...bindingKinds.map((kind) => [`${kindNames[kind]} forgotten after`, minutesText(forgetAfter[kind])] as const),
  ]);
}

function metadataText({ value, returned }: MetadataEntry): string {
  return `${value === '' ? 'empty' : value}${returned ? ', returned to programs' : ''}`;
}

function expiryText({ expiry, expiresAt }: Ending): string {
  if (expiry.type === 'never') return 'never';
  const end = expiresAt && utcInstant(expiresAt);
  if (expiry.type === 'date') return end ?? 'never';
  const term = describeTerm(expiry);
  return end === null ? term : `${end} (${term})`;
}

/** How long a license runs, without the instant at which it ends. */
export function describeTerm(expiry: Expiry): string {
  if (expiry.type !== 'duration') return expiry.type === 'never' ? 'for ever' : 'until a date';
  return `${describeDays(expiry.days)} from ${expiry.start === 'creation' ? 'creation' : 'first use'}`;
}

function limitText(limit: InheritableLimit): string {
  return limit === null ? 'unlimited' : String(limit);
}

function minutesText(minutes: InheritableForgetAfter): string {
  if (minutes === null) return 'never';
  return minutes === 'inherit' ? minutes : `${describeMinutes(minutes)} unseen`;
}
