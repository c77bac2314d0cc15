import type { ApiKey } from '../../domain/api-key.ts';
import type { Attempt, RejectedRequestCount } from '../../domain/attempt.ts';
import type { Alert, AuditAction } from '../../domain/audit.ts';
import type { Binding, Slot } from '../../domain/binding.ts';
import type { BlacklistEntry } from '../../domain/blacklist/blacklist.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import type { StoredEffect } from '../../domain/effect.ts';
import type { Guild } from '../../domain/guild.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';
import type { StoredCustomer } from '../customers/stored-customer.ts';
import type { SealedSystemKey } from '../challenge-keys.ts';
import type { AttemptCount, AttemptStatistic } from '../port/attempts.ts';

/**
 * The records that `latchkey copy-store` copies from one engine to the other: everything that is stored, in a form that
 * depends on neither engine. License keys, challenge keys and e-mail addresses stay
 * sealed. Lists within a record are sorted by fields
 * that both engines store, so that the records of both can be compared.
 */
export interface CopyRecords {
  readonly guilds: Omit<Guild, 'publicKeys'> & {
    readonly privateKey: Uint8Array;
    /** Sorted by system. */
    readonly systemKeys: readonly SealedSystemKey[];
    /** The settings that differ from the defaults, their values as JSON, sorted by key. */
    readonly settings: readonly { readonly key: string; readonly value: string }[];
  };
  readonly products: Omit<Product, 'aliases'> & {
    /** The present name and every former one, sorted by folded name. */
    readonly names: readonly { readonly folded: string; readonly name: string }[];
  };
  readonly apiKeys: ApiKey & { readonly hash: Uint8Array };
  readonly blacklist: BlacklistEntry;
  readonly users: KnownUser;
  readonly customers: StoredCustomer;
  readonly licenses: License & {
    readonly lookup: Uint8Array;
    readonly sealedKey: Uint8Array;
    readonly keyFolded: Uint8Array;
    readonly expiryNotified: boolean;
    /** Sorted by kind and value. */
    readonly slots: readonly Slot[];
  };
  readonly observedValues: Binding & { readonly licenseId: number; readonly guildId: string };
  /** Without ids, which each engine makes in its own way; the order of the records is the order of the ids. */
  readonly attempts: Omit<Attempt, 'id'>;
  readonly attemptCounts: AttemptCount;
  readonly attemptStatistics: AttemptStatistic;
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
  /**
   * Without holder and end: a copied lease is free, and its next holder gets a number greater than every one before.
   */
  readonly leases: { readonly name: string; readonly number: number };
  /** The log shipper's cursor names an attempt by its position among all attempts, 1 for the first. */
  readonly notes: { readonly name: string; readonly value: string };
  /** The last number that each sequence has given, so that the copy gives none a second time. */
  readonly numbers: { readonly name: string; readonly value: number };
  readonly bundleVersion: {
    readonly value: number;
    /** The newest changes, oldest first; the last one raised the bundle version to `value`. */
    readonly changeLog: readonly {
      readonly guildId: string;
      readonly kind: 'guild' | 'settings' | 'product' | 'api-key' | 'blacklist';
      readonly ref: string;
    }[];
  };
}

export type CopyKind = keyof CopyRecords;

/** In the order in which they are copied: a kind that is looked up while another is written comes before that one. */
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
  'attemptStatistics',
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

/** The key of the last record of a page, in the engine's own form and order. */
export type CopyPosition = readonly (string | number)[];

export interface CopyPage<K extends CopyKind> {
  readonly records: readonly CopyRecords[K][];
  /** The position after which the next page begins. null: this page is the last. */
  readonly next: CopyPosition | null;
}

/** How many records a page has at most. A license brings up to 3,000 slots with it. */
export const copyPageSize = (kind: CopyKind) => (kind === 'licenses' ? 50 : 1_000);

/** Either store of a copy. */
export interface CopySide {
  /** As messages name the store: `sqlite:/srv/latchkey/data`, or MongoDB's hosts and database without the password. */
  readonly name: string;
  count(kind: CopyKind): Promise<number>;
  read<K extends CopyKind>(kind: K, after: CopyPosition | null): Promise<CopyPage<K>>;
  close(): Promise<void>;
}

/** The store that is copied. As far as the engine can find out, no other process writes to it. */
export interface CopySource extends CopySide {
  /** What the engine cannot find out and the operator has to make sure of, as one sentence. null: nothing. */
  readonly warning: string | null;
  /** After it `count` and `read` return what is stored now. */
  refresh(): Promise<void>;
}

/**
 * How far a copy has come. It is stored in the target until the copy is finished; until then the target is not opened
 * as a store.
 */
export interface CopyProgress {
  /** The name of the source. */
  readonly source: string;
  /**
   * `digestOf` the source when the copy began. Empty: the copied records are no longer valid and have to be removed.
   */
  readonly sourceDigest: string;
  /** The instant at which the copy began, in ms. */
  readonly startedAt: number;
  /** The kind that is being copied. null: every kind has been. */
  readonly kind: CopyKind | null;
  /** The position in the source after which the next page begins. null: the kind has not been begun. */
  readonly after: CopyPosition | null;
  /** How many records of that kind are written. */
  readonly written: number;
}

/** The store that is filled. */
export interface CopyTarget extends CopySide {
  /** The progress of a copy that was not finished. null: there is none. */
  progress(): Promise<CopyProgress | null>;
  setProgress(progress: CopyProgress): Promise<void>;
  /**
   * Stores records of a kind, of which `from.written` are stored already, and then `to` as the progress. After the
   * process died in between, the same records are written again: they must not be stored twice.
   */
  write<K extends CopyKind>(
    kind: K,
    records: readonly CopyRecords[K][],
    from: CopyProgress,
    to: CopyProgress,
  ): Promise<void>;
  /** Removes all records, and keeps the progress. */
  clear(): Promise<void>;
  /** Removes the progress: from now on the target is opened like any other store. */
  finish(): Promise<void>;
}

/** The list, sorted by these keys of its items: the first key that differs decides. */
export function sortedBy<T>(list: readonly T[], ...keyOf: readonly ((item: T) => string | number)[]): readonly T[] {
  return list.toSorted((a, b) => {
    for (const key of keyOf) {
      const [left, right] = [key(a), key(b)];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  });
}

/** The error message for opening a store that holds an unfinished copy. */
export function describeUnfinishedCopy(store: string, source: string): string {
  return `${store} holds an unfinished copy of ${source}: run the same latchkey copy-store again to finish it.`;
}
