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
        replacements: [],
        holds: holdsOfSuspension,
        updatedAt: '$createdAt',
        revision: 1,
      },
    },
    { $unset: 'suspension' },
  ]);
  await collectionOf(products).updateMany({ revision: null } as object, [
    {
      $set: {
        ...emptyLists,
        ...{ term: null, trial: null, graceDays: 0 },
        releases: releasesWithLatest,
        updatedAt: '$createdAt',
        revision: 1,
      },
    },
  ]);
}

/** Until now the newest published release of a branch, which is the last one in the list, was its latest. */
const releasesWithLatest = {
  $map: {
    input: { $range: [0, { $size: '$releases' }] },
    as: 'index',
    in: {
      $let: {
        vars: {
          release: { $arrayElemAt: ['$releases', '$$index'] },
          newer: { $slice: ['$releases', { $add: ['$$index', 1] }, { $size: '$releases' }] },
        },
        in: {
          $mergeObjects: [
            '$$release',
            {
              latest: {
                $and: [
                  { $eq: ['$$release.status', 'published'] },
                  {
                    $eq: [
                      {
                        $filter: {
                          input: '$$newer',
                          as: 'other',
                          cond: {
                            $and: [
                              { $eq: ['$$other.status', 'published'] },
                              { $eq: ['$$other.branch', '$$release.branch'] },
                            ],
                          },
                        },
                      },
                      [],
                    ],
                  },
                ],
              },
            },
          ],
        },
      },
    },
  },
};

/** How an older version wrote that the departure of its owner suspended a license. */
const departureReasons = [
  'Owner left the server (automatic: member.onLeave)',
  'Owner was banned from the server (automatic: member.onBan)',
];

/** The one suspension that a license could have is a hold of the staff, or of the owner's departure. */
const holdsOfSuspension = {
  $cond: [
    { $eq: [{ $type: '$suspension' }, 'object'] },
    [
      {
        kind: { $cond: [{ $in: ['$suspension.reason', departureReasons] }, 'left', 'staff'] },
        at: '$suspension.at',
        reason: '$suspension.reason',
      },
    ],
    [],
  ],
};

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
