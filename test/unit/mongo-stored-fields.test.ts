import { expect, test } from '@jest/globals';
import type { Attempt } from '../../src/domain/attempt.ts';
import type { License } from '../../src/domain/license.ts';
import type { Product } from '../../src/domain/product.ts';
import { schemas } from '../../src/storage/mongo/schemas.ts';
import {
  attemptFields,
  fieldNames,
  type FieldTypes,
  licenseFields,
  pickFields,
  productFields,
} from '../../src/storage/mongo/stored-fields.ts';

interface Another {
  readonly another: string;
}

/* The compiler carries this test out: each directive is an error of its own where there is nothing to expect. */
test('a new field of an attempt, a product or a license that the store does not know does not compile', () => {
  // @ts-expect-error: attempts have one field more than the store knows.
  const attempts: FieldTypes<Omit<Attempt, 'id'> & Another> = attemptFields;
  // @ts-expect-error: products have one field more than the store knows.
  const products: FieldTypes<Omit<Product, 'id' | 'aliases'> & Another> = productFields;
  // @ts-expect-error: licenses have one field more than the store knows.
  const licenses: FieldTypes<License & Another> = licenseFields;
  // @ts-expect-error: a text is not stored as a number.
  const wrongType: FieldTypes<Another> = { another: Number };
  expect([attempts, products, licenses, wrongType]).toHaveLength(4);
});

test.each([
  ['attempts', attemptFields],
  ['products', productFields],
  ['licenses', licenseFields],
] as const)('the schema of %s has every field', (name, fields) => {
  expect(Object.keys(schemas[name].paths)).toEqual(expect.arrayContaining(Object.keys(fields)));
});

test('every schema refuses fields that it does not know, and is stored under a lower-case name', () => {
  for (const [name, schema] of Object.entries(schemas)) {
    expect({ name, strict: schema.get('strict'), collection: schema.get('collection') }).toEqual({
      name,
      strict: 'throw',
      collection: name.toLowerCase(),
    });
  }
});

test('picks the named fields and no others', () => {
  const names = fieldNames({ id: Number, name: String, note: String }, 'id');
  expect(names).toEqual(['name', 'note']);
  expect(pickFields({ id: 1, name: 'a', note: null, secret: 's' }, names)).toEqual({ name: 'a', note: null });
});
