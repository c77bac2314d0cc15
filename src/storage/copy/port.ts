import type { ApiKey } from '../../domain/api-key.ts';
import type { Attempt, RejectedRequestCount } from '../../domain/attempt.ts';
import type { Alert, AuditAction } from '../../domain/audit.ts';
import type { Binding } from '../../domain/binding.ts';
import type { BlacklistEntry } from '../../domain/blacklist.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import type { StoredEffect } from '../../domain/effect.ts';
import type { Guild } from '../../domain/guild.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';
import type { AttemptCount } from '../port/attempts.ts';

/**
 * What `copy-store` carries from one engine to the other: everything that is stored, in a form that says nothing about
 * how. Keys stay sealed. Lists within a record are in an order that both engines can tell.
 */
export interface CopyRecords {
  readonly guilds: Guild & {
    readonly privateKey: Uint8Array;
    /** Those that were changed, each as JSON; by key. */
    readonly settings: readonly { readonly key: string; readonly value: string }[];
  };
  readonly products: Omit<Product, 'aliases'> & {
    /** The present name and every former one; by folded name. */
    readonly names: readonly { readonly folded: string; readonly name: string }[];
  };
  readonly apiKeys: ApiKey & { readonly hash: Uint8Array };
  readonly blacklist: BlacklistEntry;
  readonly users: KnownUser;
  readonly customers: { readonly guildId: string; readonly userId: string; readonly uuid: string };
  readonly licenses: License & {
    readonly lookup: Uint8Array;
    readonly sealedKey: Uint8Array;
    readonly keyAnywhere: Uint8Array;
    readonly expiryNotified: boolean;
    /** By kind and value. */
    readonly slots: readonly Binding[];
  };
  readonly observedValues: Binding & { readonly licenseId: number; readonly guildId: string };
  /** In the order of their ids, which each engine makes in its own way. */
  readonly attempts: Omit<Attempt, 'id'>;
  readonly attemptCounts: AttemptCount;
  readonly rejectedRequests: RejectedRequestCount;
  readonly audit: {
    readonly id: number;
    readonly guildId: string;
    readonly at: Date;
    readonly actor: string;
    readonly action: AuditAction;
    readonly subject: string;
    readonly reason: string | null;
    readonly details: string;
  };
  readonly alerts: Alert;
  readonly effects: StoredEffect;
  readonly grantedRoles: { readonly guildId: string; readonly userId: string; readonly roleId: string };
  /** Without holder: a copied lease is free, and its next number is greater than any before. */
  readonly leases: { readonly name: string; readonly number: number };
  /** The log shipper's cursor names an attempt by how many there are up to it. */
  readonly notes: { readonly name: string; readonly value: string };
  /** The last number given out, so that none is given twice. */
  readonly numbers: { readonly name: string; readonly value: number };
  readonly bundleVersion: {
    readonly value: number;
    /** The newest changes, oldest first; the last one made `value`. */
    readonly changeLog: readonly {
      readonly guildId: string;
      readonly kind: 'guild' | 'settings' | 'product' | 'api-key' | 'blacklist';
      readonly ref: string;
    }[];
  };
}

export type CopyKind = keyof CopyRecords;

/** In the order in which they are copied: what is looked up while others are written comes before those. */
export const copyKinds: readonly CopyKind[] = [
  'guilds',
  'products',
  'apiKeys',
  'blacklist',
  'users',
  'customers',
  'licenses',
  'observedValues',
  'attempts',
  'attemptCounts',
  'rejectedRequests',
  'audit',
  'alerts',
  'effects',
  'grantedRoles',
  'leases',
  'notes',
  'numbers',
  'bundleVersion',
];

/** Where a page ends: the key of its last record, as the engine orders them. */
export type CopyPosition = readonly (string | number)[];

export interface CopyPage<K extends CopyKind> {
  readonly records: readonly CopyRecords[K][];
  /** null: there are no more. */
  readonly next: CopyPosition | null;
}

/** How many records are read and written at a time; licenses bring up to 3,000 slots each. */
export const copyPageSize = (kind: CopyKind) => (kind === 'licenses' ? 50 : 1_000);

/** A store that is copied, or was. */
export interface CopySide {
  /** For people: `sqlite:/srv/latchkey/data`, or MongoDB's hosts and database without the password. */
  readonly name: string;
  count(kind: CopyKind): Promise<number>;
  read<K extends CopyKind>(kind: K, after: CopyPosition | null): Promise<CopyPage<K>>;
  close(): Promise<void>;
}

/** Nobody else writes it as far as can be told. */
export interface CopySource extends CopySide {
  /** What somebody must look after himself, as a sentence; null: nothing. */
  readonly warning: string | null;
  /** From here on `count` and `read` tell what is stored now. */
  refresh(): Promise<void>;
}

/** How far a copy has come. Stored in its target until it is finished; a store that holds one is not opened. */
export interface CopyProgress {
  /** The source's name. */
  readonly source: string;
  /** Tells whether the source is as it was. Blank: what was copied is of no use. */
  readonly sourceDigest: string;
  /** When it began, ms. */
  readonly startedAt: number;
  /** What is copied now; null: all of it is. */
  readonly kind: CopyKind | null;
  readonly after: CopyPosition | null;
  /** Records of that kind. */
  readonly written: number;
}

export interface CopyTarget extends CopySide {
  /** Of a copy that was not finished. */
  progress(): Promise<CopyProgress | null>;
  setProgress(progress: CopyProgress): Promise<void>;
  /** Stores records of a kind, of which `from.written` are there already, and then how far that is. */
  write<K extends CopyKind>(
    kind: K,
    records: readonly CopyRecords[K][],
    from: CopyProgress,
    to: CopyProgress,
  ): Promise<void>;
  /** Removes everything but the progress. */
  clear(): Promise<void>;
  /** From here on it is a store like any other. */
  finish(): Promise<void>;
}

/** A list within a record, in the order of these of its fields: the first that differ decide. */
export function sortedBy<T>(list: readonly T[], ...keyOf: readonly ((one: T) => string | number)[]): readonly T[] {
  return list.toSorted((a, b) => {
    for (const key of keyOf) {
      const [left, right] = [key(a), key(b)];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  });
}

/** The sentence with which a store is refused that was not copied to its end. */
export function describeUnfinishedCopy(store: string, source: string): string {
  return `${store} holds an unfinished copy of ${source}: run the same latchkey copy-store again to finish it.`;
}
