import { createNoteAdapter } from './notes.ts';
import { type CollectionAdapters, createCollectionAdapter, withId, withoutId } from './collection-adapter.ts';
import type { Models } from '../models.ts';

type StateAdapters = CollectionAdapters<'effects' | 'grantedRoles' | 'leases' | 'notes' | 'numbers' | 'bundleVersion'>;

/** What is under way, and how far things are. */
export function createStateAdapters(models: Models): StateAdapters {
  return {
    effects: createCollectionAdapter(models, 'effects', {
      collection: 'effects',
      omit: ['kind', 'outbox'],
      recordOf: withId,
      documentsOf: (records) =>
        records.map(({ id: _id, effect, ...state }) => ({ _id, kind: effect.kind, effect, ...state })),
    }),

    grantedRoles: createCollectionAdapter(models, 'grantedRoles', {
      collection: 'grantedRoles',
      recordOf: withoutId,
      documentsOf: (records) =>
        records.map((one) => ({ _id: [one.guildId, one.userId, one.roleId].join(' '), ...one })),
    }),

    leases: createCollectionAdapter(models, 'leases', {
      collection: 'leases',
      omit: ['notes'],
      recordOf: ({ _id: name, number }) => ({ name, number }),
      // As a lease that was released.
      documentsOf: (records) =>
        records.map(({ name: _id, number }) => ({ _id, number, holder: '', expiresAt: new Date(0) })),
    }),

    notes: createNoteAdapter(models),

    numbers: createCollectionAdapter(models, 'numbers', {
      collection: 'counters',
      recordOf: ({ _id: name, value }) => ({ name, value }),
      documentsOf: (records) => records.map(({ name: _id, value }) => ({ _id, value })),
    }),

    bundleVersion: {
      ...createCollectionAdapter(models, 'bundleVersion', {
        collection: 'bundleVersion',
        recordOf: withoutId,
        documentsOf: () => [],
      }),
      // Every database has one.
      write: async ([bundleVersion]) => {
        if (bundleVersion) await models.bundleVersion.replaceOne({ _id: 'current' }, bundleVersion, { upsert: true });
      },
    },
  };
}
