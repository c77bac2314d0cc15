import type { ApiKey } from '../../domain/api-key.ts';
import type { Attempt, RejectedRequestCount } from '../../domain/attempt.ts';
import type { Alert, AuditAction } from '../../domain/audit.ts';
import type { Binding, Slot } from '../../domain/binding.ts';
import type { BlacklistEntry } from '../../domain/blacklist/blacklist.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import type { Effect, StoredEffect } from '../../domain/effect.ts';
import type { Guild } from '../../domain/guild.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';
import type { SealedSystemKey } from '../challenge-keys.ts';
import type { CopyProgress } from '../copy/port.ts';
import type { BindingRelease } from '../binding-releases.ts';
import type { StoredCustomer } from '../customers/stored-customer.ts';
import type { AttemptCount, AttemptStatistic } from '../port/attempts.ts';

// The documents of each collection. `null` is stored, `undefined` never; the comment of an optional field says what its
// absence means.

/** A change of a guild's bundle, as the change log names it. */
export interface Change {
  readonly guildId: string;
  readonly kind: 'guild' | 'settings' | 'product' | 'api-key' | 'blacklist';
  /** The id of what changed; the guild's id for `guild` and `settings`. */
  readonly ref: string;
}

export interface AuditEntry {
  readonly at: Date;
  readonly actor: string;
  readonly action: AuditAction;
  readonly subject: string;
  readonly reason: string | null;
  /** JSON, so that keys of the details never become field names of the database. */
  readonly details: string;
}

/**
 * What follows from a change. The write that changes a document also stores the entry in that document, so the two
 * happen together or not at all. The process that made the change carries the entry out and then removes it; another
 * process does so when that one has died.
 */
export interface OutboxEntry {
  readonly id: string;
  readonly at: Date;
  readonly guildId: string;
  readonly audit: readonly AuditEntry[];
  readonly effects: readonly { readonly id: number; readonly effect: Effect }[];
  readonly changes: readonly Change[];
  /** Observed values to release, or to bring back. */
  readonly releases: readonly BindingRelease[];
  /** The batch whose licenses are published. */
  readonly publish: string | null;
  /** The `_id` of the license's copy under its new key, which is published. */
  readonly pendingCopy: string | null;
  /** The note of what is taken for good once the batch is published. Absent in entries of older versions. */
  readonly takenNote?: string | null;
  /**
   * The customer whose licenses follow: they hold the customer's Discord user and UUID, and those of a merged record
   * belong to the other one. Older versions stored a text; the customer is the one that holds the entry then.
   */
  readonly customer: number | string | null;
  /** The merged record that counts again: see `settle.ts`. Entries of older versions have none of these two. */
  readonly returning?: number | null;
  /** The customer whom a license belonged to when this Discord user claimed it, without having one yet. */
  readonly claim?: { readonly customerId: number; readonly discordId: string } | null;
  /** Everything else that belongs to the guild is removed. */
  readonly sweep: boolean;
  /** The document itself is removed at the end; until then `gone` or `unpublished` keeps it out of every answer. */
  readonly remove: boolean;
}

/** Documents whose changes store outbox entries in them. */
export interface WithOutbox {
  /** Absent or empty: every change of the document is finished. */
  readonly outbox?: readonly OutboxEntry[];
}

interface BundleVersionDocument {
  readonly _id: 'current';
  readonly value: number;
  /** The newest changes, oldest first; the last one made `value`. */
  readonly changeLog: readonly Change[];
}

interface ChangeDocument extends Change {
  /** The bundle version that it made. */
  readonly _id: number;
}

export interface GuildDocument extends WithOutbox, Omit<Guild, 'id' | 'publicKeys'> {
  readonly _id: string;
  readonly rev: number;
  readonly privateKey: Buffer;
  /** The challenge keys of single systems, sorted by system; guilds that are older than this field have none. */
  readonly systemKeys?: readonly (Omit<SealedSystemKey, 'privateKey'> & { readonly privateKey: Buffer })[];
  /** The settings that were changed, each as JSON; all others have their defaults. */
  readonly settings: readonly { readonly key: string; readonly value: string }[];
  readonly gone: boolean;
}

/** The UUID is stored in lower case. */
export interface ProductDocument extends WithOutbox, Omit<Product, 'id' | 'aliases'> {
  readonly _id: number;
  readonly rev: number;
  /** The present name and every former one; a folded name is unique in the guild. */
  readonly names: readonly { readonly folded: string; readonly name: string }[];
  readonly gone: boolean;
}

export interface LicenseDocument extends WithOutbox, License {
  /** The look-up hash of guild and key: `lookupText`. */
  readonly _id: string;
  /**
   * Raised by every change of the license; not by refreshing a slot, by publishing it, by notifying its end, or by
   * copying what is known of its owner. A conditional write names the `rev` that was read, so that it matches only if no other process changed
   * the license since.
   */
  readonly rev: number;
  readonly sealedKey: Buffer;
  /** HMAC of the key's folded form: finds the licenses that a person may mean, in a guild or in all of them. */
  readonly keyFolded: string;
  /** The order as `foldName` makes it, by which it is found; null: there is none. */
  readonly orderFolded: string | null;
  /** By which a part of its name, note or order is found: `gramsOf`. */
  readonly grams: readonly string[];
  /** What is known of its state without its end and its product. */
  readonly listedAs: 'deleted' | 'suspended' | 'off' | 'on';
  /** In upper case, for the search by suffix. */
  readonly keySuffixFolded: string;
  /** The owner's name, copied here so that a check reads one document. */
  readonly owner: Omit<KnownUser, 'id'> | null;
  /** The customer's UUID, copied here for the same reason. */
  readonly customerUuid: string | null;
  readonly expiryNotified: boolean;
  readonly slots: readonly Slot[];
  /**
   * null: the license counts. Otherwise no check finds it: it is reserved (the name of its reservation), it has moved
   * to another key (`movedTo`), or it is being removed.
   */
  readonly unpublished: string | null;
}

/**
 * Licenses created together. The document exists from when all of them are stored until they are published; one without
 * outbox is a tombstone, which keeps a withdrawn batch from being completed.
 */
interface BatchDocument extends WithOutbox {
  readonly _id: string;
}

export interface CustomerDocument extends WithOutbox, Omit<StoredCustomer, 'id' | 'sealedEmail'> {
  readonly _id: number;
  /** Raised by every change, and by each merge that begins with it. */
  readonly rev: number;
  readonly sealedEmail: Buffer | null;
  /** `identityText` of each identity; unique in the guild among the records that count. */
  readonly identityKeys: readonly string[];
  /** By which a part of its names is found: `foldedNames`. */
  readonly namesFolded: string;
}

interface ObservedValueDocument extends Binding {
  /** `observedValueId`. */
  readonly _id: string;
  readonly licenseId: number;
  /** For retention, which is a setting of the guild. */
  readonly guildId: string;
}

export interface ApiKeyDocument extends WithOutbox, Omit<ApiKey, 'id'> {
  readonly _id: number;
  readonly hash: string;
}

export interface BlacklistDocument extends WithOutbox, Omit<BlacklistEntry, 'id'> {
  readonly _id: number;
  readonly rev: number;
  readonly gone: boolean;
}

export interface AttemptDocument extends Omit<Attempt, 'id'> {
  /** Made at arrival and ordered by time: see `attemptIdAt`. */
  readonly _id: number;
  /** See `AttemptId`. */
  readonly by: string;
}

interface AttemptCountDocument extends AttemptCount {
  /** Guild, minute in ms, protocol and result. */
  readonly _id: string;
}

interface AttemptStatisticDocument extends AttemptStatistic {
  /** See `statisticId`. */
  readonly _id: string;
}

interface RejectedRequestDocument extends RejectedRequestCount {
  /** Minute in ms, address, protocol and kind. */
  readonly _id: string;
}

export interface AuditDocument extends AuditEntry {
  readonly _id: number;
  /**
   * The outbox entry and the event's index in it. It is unique: an entry that is carried out twice stores its events
   * once.
   */
  readonly source: string;
  readonly guildId: string;
  readonly storedAt: Date;
}

export interface AlertDocument extends Omit<Alert, 'id'> {
  readonly _id: number;
  /**
   * The previous alert of the same guild, kind and subject, or 0. It is unique among them, so two alerts cannot follow
   * the same one.
   */
  readonly after: number;
}

interface UserDocument extends Omit<KnownUser, 'id'> {
  readonly _id: string;
}

export interface EffectDocument extends WithOutbox, Omit<StoredEffect, 'id'> {
  readonly _id: number;
  readonly kind: Effect['kind'];
}

interface GrantedRoleDocument {
  /** Guild, user and role. */
  readonly _id: string;
  readonly guildId: string;
  readonly userId: string;
  readonly roleId: string;
}

interface CounterDocument {
  readonly _id: string;
  readonly value: number;
}

interface LeaseDocument {
  readonly _id: string;
  readonly holder: string;
  readonly number: number;
  readonly expiresAt: Date;
  /** The notes that were set under its fence, by `noteFieldOf` their names. Absent: none was. */
  readonly notes?: Readonly<Record<string, string>>;
}

interface NoteDocument {
  readonly _id: string;
  readonly value: string;
}

/** The one document that says which program and master key the database belongs to. */
interface MetaDocument {
  readonly _id: 'latchkey';
  readonly version: number;
  readonly fingerprint: string;
  /** How far another store has been copied into this one; absent: no copy is unfinished. */
  readonly copy?: CopyProgress;
  /** When another store was copied into this one: older attempts may have ids of another time than their own. */
  readonly copiedAt?: Date;
}

/** The document type of each collection, under the name that the store uses for the collection. */
export interface Documents {
  readonly meta: MetaDocument;
  readonly bundleVersion: BundleVersionDocument;
  readonly changes: ChangeDocument;
  readonly guilds: GuildDocument;
  readonly products: ProductDocument;
  readonly licenses: LicenseDocument;
  readonly batches: BatchDocument;
  readonly observedValues: ObservedValueDocument;
  readonly apiKeys: ApiKeyDocument;
  readonly blacklist: BlacklistDocument;
  readonly customers: CustomerDocument;
  readonly attempts: AttemptDocument;
  readonly attemptCounts: AttemptCountDocument;
  readonly attemptStatistics: AttemptStatisticDocument;
  readonly rejectedRequests: RejectedRequestDocument;
  readonly audit: AuditDocument;
  readonly alerts: AlertDocument;
  readonly users: UserDocument;
  readonly effects: EffectDocument;
  readonly grantedRoles: GrantedRoleDocument;
  readonly counters: CounterDocument;
  readonly leases: LeaseDocument;
  readonly notes: NoteDocument;
}
