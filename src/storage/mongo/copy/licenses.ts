import { type CopyRecords, sortedBy } from '../../copy/port.ts';
import type { LicenseDocument } from '../documents.ts';
import { observedValueId } from '../ids.ts';
import { foldedText, licenseOf, lookupText, searchFields } from '../licenses/documents.ts';
import { ownerCopyOf, readOwners } from '../licenses/owner-copies.ts';
import type { Models } from '../database/models.ts';
import { type CollectionAdapters, createCollectionAdapter, withoutId } from './collection-adapter.ts';

/** The adapters for licenses with their slots, and for observed values. */
export function createLicenseAdapters(models: Models): CollectionAdapters<'licenses' | 'observedValues'> {
  /** Reads what is known of the owners, which were copied before, because a license holds a copy of it. */
  async function documentsOf(records: readonly CopyRecords['licenses'][]): Promise<readonly LicenseDocument[]> {
    const documents: LicenseDocument[] = [];
    for (const licenses of [records]) {
      const owners = await readOwners(models, licenses);
      for (const { lookup, sealedKey, keyFolded, ...license } of licenses) {
        documents.push({
          _id: lookupText(Buffer.from(lookup)),
          rev: 0,
          ...license,
          sealedKey: Buffer.from(sealedKey),
          keyFolded: foldedText(Buffer.from(keyFolded)),
          keySuffixFolded: license.keySuffix.toUpperCase(),
          ...searchFields(license),
          ...ownerCopyOf(owners, license),
          unpublished: null,
        });
      }
    }
    return documents;
  }

  return {
    licenses: createCollectionAdapter(models, 'licenses', {
      collection: 'licenses',
      filter: { unpublished: null },
      omit: {
        rev: 0,
        unpublished: 0,
        outbox: 0,
        owner: 0,
        customerUuid: 0,
        keySuffixFolded: 0,
        orderFolded: 0,
        grams: 0,
        listedAs: 0,
      },
      recordOf: ({ _id, keyFolded, ...license }) => ({
        ...license,
        ...licenseOf(license),
        lookup: Buffer.from(_id, 'base64url'),
        keyFolded: Buffer.from(keyFolded, 'base64url'),
        slots: sortedBy(
          license.slots,
          ({ kind }) => kind,
          ({ value }) => value,
        ),
      }),
      documentsOf,
    }),

    observedValues: createCollectionAdapter(models, 'observedValues', {
      collection: 'observedValues',
      omit: {},
      recordOf: withoutId,
      documentsOf: (records) =>
        records.map((observed) => ({
          _id: observedValueId(observed.licenseId, observed.kind, observed.value),
          ...observed,
        })),
    }),
  };
}
