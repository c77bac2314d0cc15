import { sortedBy } from '../../copy/port.ts';
import { customerFieldsOf } from '../customers/documents.ts';
import type { Models } from '../database/models.ts';
import { type CollectionAdapters, createCollectionAdapter, withId } from './collection-adapter.ts';

type BundleAdapters = CollectionAdapters<'guilds' | 'products' | 'apiKeys' | 'blacklist' | 'users' | 'customers'>;

/** Leaves out what is being removed. */
const existing = { filter: { gone: false }, omit: { rev: 0, gone: 0, outbox: 0 } } as const;
const rev = 1;

/** The adapters for guilds and what their bundles hold, and for known users and customers. */
export function createBundleAdapters(models: Models): BundleAdapters {
  return {
    guilds: createCollectionAdapter(models, 'guilds', {
      collection: 'guilds',
      ...existing,
      recordOf: ({ systemKeys = [], ...stored }) => ({
        ...withId(stored),
        systemKeys,
        settings: sortedBy(stored.settings, ({ key }) => key),
      }),
      documentsOf: (records) =>
        records.map(({ id: _id, privateKey, systemKeys, ...guild }) => ({
          ...{ _id, rev, ...guild, privateKey: Buffer.from(privateKey), gone: false },
          systemKeys: systemKeys.map((key) => ({ ...key, privateKey: Buffer.from(key.privateKey) })),
        })),
    }),

    products: createCollectionAdapter(models, 'products', {
      collection: 'products',
      ...existing,
      recordOf: (stored) => ({
        ...withId(stored),
        names: sortedBy(stored.names, ({ folded }) => folded),
        releases: sortedBy(
          stored.releases,
          ({ createdAt }) => createdAt.getTime(),
          ({ version }) => version,
          ({ branch }) => branch ?? '',
        ),
      }),
      documentsOf: (records) => records.map(({ id: _id, ...product }) => ({ _id, rev, ...product, gone: false })),
    }),

    apiKeys: createCollectionAdapter(models, 'apiKeys', {
      collection: 'apiKeys',
      omit: { outbox: 0 },
      recordOf: (stored) => ({ ...withId(stored), hash: Buffer.from(stored.hash, 'base64url') }),
      documentsOf: (records) =>
        records.map(({ id: _id, hash, ...apiKey }) => {
          return { _id, ...apiKey, hash: Buffer.from(hash).toString('base64url') };
        }),
    }),

    blacklist: createCollectionAdapter(models, 'blacklist', {
      collection: 'blacklist',
      ...existing,
      recordOf: withId,
      documentsOf: (records) => records.map(({ id: _id, ...entry }) => ({ _id, rev, ...entry, gone: false })),
    }),

    users: createCollectionAdapter(models, 'users', {
      collection: 'users',
      omit: {},
      recordOf: withId,
      documentsOf: (records) => records.map(({ id: _id, ...user }) => ({ _id, ...user })),
    }),

    customers: createCollectionAdapter(models, 'customers', {
      collection: 'customers',
      omit: { rev: 0, outbox: 0, identityKeys: 0, namesFolded: 0 },
      recordOf: withId,
      documentsOf: (records) => records.map((customer) => ({ _id: customer.id, rev, ...customerFieldsOf(customer) })),
    }),
  };
}
