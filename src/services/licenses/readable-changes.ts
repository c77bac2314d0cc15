import type { Ending } from '../../domain/expiry.ts';
import type { License } from '../../domain/license.ts';
import { type BindingKind, bindingKinds, type OwnForgetAfter, type OwnLimit } from '../../domain/limits.ts';
import type { Product } from '../../domain/product.ts';
import { refillWords } from '../../domain/point-texts.ts';
import type { Edited } from './license-service.ts';

interface Side {
  readonly license: License;
  readonly product: Product;
}

const kindNames: Readonly<Record<BindingKind, string>> = { ip: 'IP', hwid: 'HWID', mac: 'MAC' };

/** What an edit changed, each thing by itself and in words. */
export function readableChanges(before: Side, after: Side): Edited['changes'] {
  const [was, is] = [wordsOf(before), wordsOf(after)];
  return [...was].flatMap(([field, text]) => {
    const now = is.get(field) ?? text;
    return now === text ? [] : [{ field, before: text, after: now }];
  });
}

function wordsOf({ license, product }: Side): ReadonlyMap<string, string> {
  const { name, note, order, staff, limits, forgetAfter, scope, points } = license;
  return new Map([
    ['product', product.name],
    ['name', name ?? 'none'],
    ['note', note ?? 'none'],
    ['order', order ?? 'none'],
    ['suspended', license.suspension ? 'yes' : 'no'],
    ['scope', scope ?? 'none'],
    ['validation points', points.left === null ? 'unlimited' : String(points.left)],
    ['point limit', points.limit === null ? 'none' : String(points.limit)],
    ['point refill', refillWords(points)],
    ['staff license', staff ? 'yes' : 'no'],
    ['expiry', expiryWords(license)],
    ...bindingKinds.map((kind) => [`${kindNames[kind]} limit`, limitWords(limits[kind])] as const),
    ...bindingKinds.map((kind) => [`${kindNames[kind]} forgotten after`, minutesWords(forgetAfter[kind])] as const),
  ]);
}

function expiryWords({ expiry, expiresAt }: Ending): string {
  if (expiry.type === 'never') return 'never';
  const end = expiresAt && `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (expiry.type === 'date') return end ?? 'never';
  const term = `${expiry.days} days from ${expiry.start === 'creation' ? 'creation' : 'first use'}`;
  return end === null ? term : `${end} (${term})`;
}

function limitWords(limit: OwnLimit): string {
  return limit === null ? 'unlimited' : String(limit);
}

function minutesWords(minutes: OwnForgetAfter): string {
  if (minutes === null) return 'never';
  return minutes === 'inherit' ? minutes : `${minutes} minutes unseen`;
}
