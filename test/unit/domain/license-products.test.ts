import { describe, expect, test } from '@jest/globals';
import { type CheckDefinition, decide } from '../../../src/domain/check.ts';
import type { CheckRequest } from '../../../src/domain/check-request.ts';
import { type License, maxFurtherProducts } from '../../../src/domain/license.ts';
import { definition as lukittu } from '../../../src/http/protocols/lukittu/definition.ts';
import { ago, definition, license, otherProduct, product, request, snapshotOf, type World } from './check-fixture.ts';

const third = { ...product, id: 5, uuid: '00000000-0000-4000-8000-000000000005', name: 'Third', version: '3' };
const products = [product, otherProduct, third];
const two: Partial<License> = { furtherProductIds: [otherProduct.id] };
const every: Partial<License> = { allProducts: true };

function decided(
  own: Partial<License>,
  change: Partial<CheckRequest>,
  world: World = {},
  by: CheckDefinition = definition,
) {
  return decide(by, { ...request, ...change }, snapshotOf({ products, ...world, license: { ...license, ...own } }));
}

function answer(...given: Parameters<typeof decided>) {
  const { outcome } = decided(...given);
  return outcome.result === 'denied' ? outcome.denial : outcome.result;
}

describe('a license for several products', () => {
  test.each([
    ['its main one', two, 'Thing', '1.0.0', 'granted'],
    ['a further one', two, 'Other', '9', 'granted'],
    ['another one', two, 'Third', '3', 'product-mismatch'],
    ['a further one in the version of the main one', two, 'Other', '1.0.0', 'version-mismatch'],
    ['one that the guild does not have', two, 'Nothing', '1', 'product-unknown'],
    ['any of the guild’s', every, 'Third', '3', 'granted'],
    ['any of the guild’s in another version', every, 'Third', '4', 'version-mismatch'],
    ['none of the guild’s', every, 'Nothing', '1', 'product-unknown'],
  ] as const)('%s', (_, own, name, version, expected) => {
    expect(answer(own, { product: name, version })).toBe(expected);
  });

  test('its attempts and answers name the product that was asked for', () => {
    const { attempt, outcome } = decided(two, { product: 'Other', version: '9' });
    expect(attempt.productId).toBe(otherProduct.id);
    expect(outcome).toMatchObject({ product: otherProduct, mainProduct: product });
  });

  test('its limits are those of its main product, whichever it runs', () => {
    const none = { ip: 0, hwid: 0, mac: 0 };
    const ask = { product: 'Other', version: '9' };
    expect(answer(two, ask, { products: [{ ...product, limits: none }, otherProduct] })).toBe('ip-limit');
    expect(answer(two, ask, { products: [product, { ...otherProduct, limits: none }] })).toBe('granted');
  });

  test('a deleted further product is lost alone, a deleted main one takes the license with it', () => {
    const gone = { deletedAt: ago(1) };
    const withoutFurther = { products: [product, { ...otherProduct, ...gone }] };
    expect(answer(two, {}, withoutFurther)).toBe('granted');
    expect(answer(two, { product: 'Other', version: '9' }, withoutFurther)).toBe('product-unknown');
    const withoutMain = { products: [{ ...product, ...gone }, otherProduct] };
    expect(answer(two, { product: 'Other', version: '9' }, withoutMain)).toBe('license-unknown');
  });

  test('an answer that shows the products lists them all, whichever was asked for', () => {
    const shown = (own: Partial<License>, asked: string | null) => {
      const { outcome } = decided(own, { product: asked, version: null }, {}, lukittu);
      return outcome.result === 'granted' ? outcome.products.map(({ name }) => name) : outcome.result;
    };
    expect(shown({ furtherProductIds: [third.id, otherProduct.id] }, third.uuid)).toEqual(['Thing', 'Third', 'Other']);
    expect(shown(every, null)).toEqual(['Thing', 'Other', 'Third']);
    expect(shown({}, null)).toEqual(['Thing']);
    expect(shown({ staff: true }, third.uuid)).toEqual(['Third']);
  });

  test('one for all products shows no more than a license can name', () => {
    const many = Array.from({ length: 80 }, (_, index) => ({ ...product, id: 100 + index, name: `P${index}` }));
    const { outcome } = decided(every, { product: null, version: null }, { products: [...many, product] }, lukittu);
    const shown = outcome.result === 'granted' ? outcome.products : [];
    expect(shown.length).toBe(1 + maxFurtherProducts);
    expect(shown[0]).toBe(product);
  });
});
