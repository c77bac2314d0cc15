import type { Models } from '../database/models.ts';
import { type CollectionAdapters, createCollectionAdapter, withId, withoutId } from './collection-adapter.ts';
import { createNoteAdapter } from './notes.ts';

type StateAdapters = CollectionAdapters<'effects' | 'grantedRoles' | 'leases' | 'notes' | 'numbers' | 'bundleVersion'>;

/** The adapters for effects, granted roles, leases, notes, counters and the bundle version. */
export function createStateAdapters(models: Models): StateAdapters {
  return {
    effects: createCollectionAdapter(models, 'effects', {
      collection: 'effects',
      omit: { kind: 0, outbox: 0 },
      recordOf: withId,
      documentsOf: (records) =>
        records.map(({ id: _id, effect, ...state }) => ({ _id, kind: effect.kind, effect, ...state })),
    }),

    grantedRoles: createCollectionAdapter(models, 'grantedRoles', {
      collection: 'grantedRoles',
      omit: {},
      recordOf: withoutId,
      documentsOf: (records) =>
        records.map((record) => ({ _id: [record.guildId, record.userId, record.roleId].join(' '), ...record })),
    }),

    leases: createCollectionAdapter(models, 'leases', {
      collection: 'leases',
      omit: { holder: 0, expiresAt: 0, notes: 0 },
      recordOf: ({ _id: name, number }) => ({ name, number }),
      // A copied lease is like one that was released.
      documentsOf: (records) =>
        records.map(({ name: _id, number }) => ({ _id, number, holder: '', expiresAt: new Date(0) })),
    }),

    notes: createNoteAdapter(models),

    numbers: createCollectionAdapter(models, 'numbers', {
      collection: 'counters',
      omit: {},
      recordOf: ({ _id: name, value }) => ({ name, value }),
      documentsOf: (records) => records.map(({ name: _id, value }) => ({ _id, value })),
    }),

    bundleVersion: {
      ...createCollectionAdapter(models, 'bundleVersion', {
        collection: 'bundleVersion',
        omit: {},
        recordOf: withoutId,
        documentsOf: () => [],
      }),
      // The document exists already: opening a database creates it.
      write: async ([bundleVersion]) => {
        if (bundleVersion) await models.bundleVersion.replaceOne({ _id: 'current' }, bundleVersion, { upsert: true });
      },
    },
  };
}
