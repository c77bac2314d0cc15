import type { Vault } from '../../vault.ts';
import { fillCustomers } from './fill-customers.ts';
import { collectionOf, type Models } from './models.ts';

const hexDigits = '0123456789abcdef';
const emptyLists = { features: [], metadata: [] } as const;

/**
 * Gives licenses and products that an older version stored the fields that they did not have then. The server does it
 * by itself, without sending the documents.
 */
export async function fillModelFields(models: Models, vault: Vault): Promise<void> {
  const { licenses, products } = models;
  await fillCustomers(models, vault);
  await collectionOf(licenses).updateMany({ uuid: null } as object, [
    {
      $set: {
        uuid: randomUuid(),
        furtherProductIds: [],
        allProducts: false,
        customerId: { $cond: [{ $isNumber: '$customerId' }, '$customerId', null] },
        customerUuid: { $ifNull: ['$customerUuid', null] },
        helperIds: [],
        helpersSeeKey: false,
        ...emptyLists,
        updatedAt: '$createdAt',
        revision: 1,
      },
    },
  ]);
  await collectionOf(products).updateMany({ revision: null } as object, [
    { $set: { ...emptyLists, updatedAt: '$createdAt', revision: 1 } },
  ]);
}

/** A UUID of version 4 as an expression. It names a license, and nothing is reached by guessing it. */
function randomUuid(): object {
  const digitOf = (digits: string) => ({
    $substrBytes: [digits, { $toInt: { $floor: { $multiply: [{ $rand: {} }, digits.length] } } }, 1],
  });
  const digits = (count: number) => Array.from({ length: count }, () => digitOf(hexDigits));
  return {
    $concat: [
      ...digits(8),
      '-',
      ...digits(4),
      '-4',
      ...digits(3),
      '-',
      digitOf('89ab'),
      ...digits(3),
      '-',
      ...digits(12),
    ],
  };
}
