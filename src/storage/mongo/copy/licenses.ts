import { type CopyRecords, inOrder } from '../../copy/port.ts';
import { type CollectionAdapters, createCollectionAdapter, withoutId } from './collection-adapter.ts';
import { lookupText } from '../licenses/documents.ts';
import { ownerCopyOf, readOwners } from '../licenses/owner-copies.ts';
import type { Models } from '../models.ts';
import { observedValueId } from '../ids.ts';

type LicenseRecord = CopyRecords['licenses'];
/** As it is stored. */
type StoredLicense = Omit<LicenseRecord, 'lookup' | 'keyAnywhere'> & {
  readonly _id: string;
  readonly keyAnywhere: string;
};

/** Licenses with their slots, and what is only seen. */
export function createLicenseAdapters(models: Models): CollectionAdapters<'licenses' | 'observedValues'> {
  /** A license holds a copy of what is known of its owner. */
  async function documentsOf(records: readonly LicenseRecord[]): Promise<readonly object[]> {
    const documents: object[] = [];
    for (const [guildId, licenses] of Map.groupBy(records, (record) => record.guildId)) {
      const ownerIds = licenses.map(({ ownerId }) => ownerId);
      const owners = await readOwners(models, guildId, ownerIds);
      for (const { lookup, keyAnywhere, ...license } of licenses) {
        documents.push({
          _id: lookupText(Buffer.from(lookup)),
          rev: 0,
          ...license,
          keyAnywhere: Buffer.from(keyAnywhere).toString('base64url'),
          keySuffixFolded: license.keySuffix.toUpperCase(),
          ...ownerCopyOf(owners, license.ownerId),
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
      omit: ['rev', 'unpublished', 'outbox', 'owner', 'customerId', 'keySuffixFolded'],
      recordOf: (stored) => {
        const { _id, keyAnywhere, ...license } = stored as unknown as StoredLicense;
        return {
          ...license,
          lookup: Buffer.from(_id, 'base64url'),
          keyAnywhere: Buffer.from(keyAnywhere, 'base64url'),
          slots: inOrder(
            license.slots,
            ({ kind }) => kind,
            ({ value }) => value,
          ),
        };
      },
      documentsOf,
    }),

    observedValues: createCollectionAdapter(models, 'observedValues', {
      collection: 'observedValues',
      recordOf: withoutId,
      documentsOf: (records) =>
        records.map((one) => ({ _id: observedValueId(one.licenseId, one.kind, one.value), ...one })),
    }),
  };
}
