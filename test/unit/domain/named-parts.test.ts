import { describe, expect, test } from '@jest/globals';
import type { CheckRequest } from '../../../src/domain/check-request.ts';
import { decide } from '../../../src/domain/check.ts';
import type { Release } from '../../../src/domain/product.ts';
import * as rules from '../../../src/domain/rules.ts';
import { ago, definition, license, otherProduct, product, request, snapshotOf, type World } from './check-fixture.ts';

// What requests may name besides a key: customer, product, branch and release, as far as the guild is strict about it.

const by = {
  ...definition,
  rules: [
    rules.keyMalformed(/^[A-Z]{5}(?:-[A-Z0-9]{5}){4}$/, 'not a key'),
    rules.branchUnknown,
    rules.branchEmpty,
    rules.licenseUnknown,
    rules.customerMismatch,
    rules.productMismatchOrUnnamed,
    rules.releaseUnknown,
  ],
};

function answer(world: World, change: Partial<CheckRequest>): string {
  const { outcome } = decide(by, { ...request, version: null, ...change }, snapshotOf(world));
  return outcome.result === 'denied' ? (outcome.detail ?? outcome.denial) : outcome.result;
}

const release = (version: string, own: Partial<Release> = {}): Release => ({
  version,
  branch: null,
  status: 'published',
  latest: false,
  createdAt: ago(1e6),
  ...own,
});
const releases = [
  release('1.0.0'),
  release('1.1.0'),
  release('2.0.0', { status: 'draft' }),
  release('2.0.0-beta', { branch: 'beta' }),
  release('3.0.0', { branch: 'nightly', status: 'archived' }),
];
const released: World = { products: [{ ...product, releases }, otherProduct] };
const strict = (name: 'Customers' | 'Products' | 'Releases'): World => ({
  ...released,
  settings: { [`lukittu.strict${name}`]: true },
});
const customerId = snapshotOf().customerId();
const stranger = '99999999-9999-4999-8999-999999999999';

describe('a request may name', () => {
  test.each<[string, World, Partial<CheckRequest>, string]>([
    ['its customer', released, { customerId }, 'granted'],
    ['no customer', released, { customerId: null }, 'granted'],
    ['somebody else', released, { customerId: stranger }, 'customer-mismatch'],
    ['no customer where the guild is strict', strict('Customers'), { customerId: null }, 'customer-mismatch'],
    ['its customer where the guild is strict', strict('Customers'), { customerId }, 'granted'],
    ['its product', released, {}, 'granted'],
    ['no product', released, { product: null }, 'granted'],
    ['another product', released, { product: 'Other' }, 'product-mismatch'],
    ['a product nobody has', released, { product: 'Nothing' }, 'product-mismatch'],
    ['no product where the guild is strict', strict('Products'), { product: null }, 'product-mismatch'],
    ['its product where the guild is strict', strict('Products'), {}, 'granted'],
    ['a published release', released, { version: '1.1.0' }, 'granted'],
    ['a release nobody has', released, { version: '1.2.0' }, 'version-mismatch'],
    ['a release that is not published', released, { version: '2.0.0' }, 'version-mismatch'],
    ['a release of a branch, but not the branch', released, { version: '2.0.0-beta' }, 'granted'],
    ['a release where none is published', { products: [product] }, { version: '9' }, 'granted'],
    ['a release, but no product', released, { version: '9', product: null }, 'granted'],
    ['no release where the guild is strict', strict('Releases'), {}, 'version-mismatch'],
    ['neither release nor product where it is strict', strict('Releases'), { product: null }, 'granted'],
    ['a branch', released, { branch: 'beta' }, 'granted'],
    ['a branch and its release', released, { branch: 'beta', version: '2.0.0-beta' }, 'granted'],
    ['a branch and a release of another', released, { branch: 'beta', version: '1.0.0' }, 'version-mismatch'],
    ['a branch in other letter case', released, { branch: 'Beta' }, 'branch-unknown'],
    ['a branch nobody has', released, { branch: 'gamma' }, 'branch-unknown'],
    ['a branch on which nothing is published', released, { branch: 'nightly' }, 'branch-empty'],
    ['a branch, but no product', released, { branch: 'gamma', product: null }, 'granted'],
    ['a branch of another product', released, { branch: 'gamma', product: 'Other' }, 'product-mismatch'],
  ])('%s', (_, world, change, result) => {
    expect(answer(world, change)).toBe(result);
  });

  test('anybody where the license has no owner, however strict the guild is', () => {
    const world = { ...strict('Customers'), license: { ...license, ownerId: null } };
    expect(answer(world, { customerId: null })).toBe('granted');
    expect(answer(world, { customerId: stranger })).toBe('granted');
  });

  test('any product, branch and release with a staff license, but no other customer', () => {
    const settings = { 'lukittu.strictProducts': true, 'lukittu.strictReleases': true };
    const world = { ...released, settings, license: { ...license, staff: true } };
    for (const change of [{ product: null }, { product: 'Other' }, { product: 'Nothing' }, { branch: 'gamma' }]) {
      expect(answer(world, { version: '9', ...change })).toBe('granted');
      expect(answer(world, change)).toBe('granted');
    }
    expect(answer(world, { customerId: stranger })).toBe('customer-mismatch');
  });
});

describe('a key of another form than the protocol’s', () => {
  test.each<[string, World, string, string]>([
    ['is none', { license: null }, 'secret', 'not a key'],
    ['is one where a license has it', {}, 'secret', 'granted'],
    [
      'is one where the guild makes such keys',
      { license: null, settings: { 'key.length': 8 } },
      'ABCDE-FGH',
      'license-unknown',
    ],
    [
      'is none where the guild’s are longer',
      { license: null, settings: { 'key.length': 9 } },
      'ABCDE-FGH',
      'not a key',
    ],
  ])('%s', (_, world, key, result) => {
    expect(answer(world, { key })).toBe(result);
  });

  test('leaves keys of that form to be looked up', () => {
    expect(answer({ license: null }, { key: 'AAAAA-AAAAA-AAAAA-AAAAA-00000' })).toBe('license-unknown');
  });
});
