import { type CopyRecords, sortedBy } from '../../copy/port.ts';
import { type CollectionAdapters, createCollectionAdapter, withId, withoutId } from './collection-adapter.ts';
import { customerDocumentId } from '../licenses/customer-copies.ts';
import type { Models } from '../models.ts';

type BundleAdapters = CollectionAdapters<'guilds' | 'products' | 'apiKeys' | 'blacklist' | 'users' | 'customers'>;
/** As it is stored. */
type StoredApiKey = Omit<CopyRecords['apiKeys'], 'hash'> & { readonly hash: string };

/** What is going away. */
const isThere = { filter: { gone: false }, omit: ['rev', 'gone', 'outbox'] };
const rev = 1;

/** What makes up the guilds, and who is known in them. */
export function createBundleAdapters(models: Models): BundleAdapters {
  return {
    guilds: createCollectionAdapter(models, 'guilds', {
      collection: 'guilds',
      ...isThere,
      recordOf: (stored) => {
        const guild = withId(stored) as unknown as CopyRecords['guilds'];
        return { ...guild, settings: sortedBy(guild.settings, ({ key }) => key) };
      },
      documentsOf: (records) => records.map(({ id: _id, ...guild }) => ({ _id, rev, ...guild, gone: false })),
    }),

    products: createCollectionAdapter(models, 'products', {
      collection: 'products',
      ...isThere,
      recordOf: (stored) => {
        const product = withId(stored) as unknown as CopyRecords['products'];
        return {
          ...product,
          names: sortedBy(product.names, ({ folded }) => folded),
          releases: sortedBy(
            product.releases,
            ({ createdAt }) => createdAt.getTime(),
            ({ version }) => version,
            ({ branch }) => branch ?? '',
          ),
        };
      },
      documentsOf: (records) => records.map(({ id: _id, ...product }) => ({ _id, rev, ...product, gone: false })),
    }),

    apiKeys: createCollectionAdapter(models, 'apiKeys', {
      collection: 'apiKeys',
      omit: ['outbox'],
      recordOf: (stored) => {
        const { hash, ...apiKey } = withId(stored) as unknown as StoredApiKey;
        return { ...apiKey, hash: Buffer.from(hash, 'base64url') };
      },
      documentsOf: (records) =>
        records.map(({ id: _id, hash, ...apiKey }) => {
          return { _id, ...apiKey, hash: Buffer.from(hash).toString('base64url') };
        }),
    }),

    blacklist: createCollectionAdapter(models, 'blacklist', {
      collection: 'blacklist',
      ...isThere,
      recordOf: withId,
      documentsOf: (records) => records.map(({ id: _id, ...entry }) => ({ _id, rev, ...entry, gone: false })),
    }),

    users: createCollectionAdapter(models, 'users', {
      collection: 'users',
      recordOf: withId,
      documentsOf: (records) => records.map(({ id: _id, ...user }) => ({ _id, ...user })),
    }),

    customers: createCollectionAdapter(models, 'customers', {
      collection: 'customers',
      // null: it was taken back.
      filter: { uuid: { $type: 'string' } },
      omit: ['rev', 'outbox'],
      recordOf: withoutId,
      documentsOf: (records) =>
        records.map((one) => ({ _id: customerDocumentId(one.guildId, one.userId), rev, ...one })),
    }),
  };
}
