import type { ApiKey } from '../../domain/api-key.ts';
import type { Attempt, RejectedRequestCount } from '../../domain/attempt.ts';
import type { Alert, AuditAction } from '../../domain/audit.ts';
import type { Binding } from '../../domain/binding.ts';
import type { BlacklistEntry } from '../../domain/blacklist.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import type { Effect, StoredEffect } from '../../domain/effect.ts';
import type { Guild } from '../../domain/guild.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';
import type { CopyProgress } from '../copy/port.ts';
import type { BindingRelease } from '../binding-releases.ts';
import type { AttemptCount } from '../port/attempts.ts';

/** What each collection holds. `null` is stored, `undefined` never; a field that may be absent says why. */

/** What a change in a bundle was about; `ref` is its id (the guild's own for `guild` and `settings`). */
type ChangeKind = 'guild' | 'settings' | 'product' | 'api-key' | 'blacklist';

export interface Change {
  readonly guildId: string;
  readonly kind: ChangeKind;
  readonly ref: string;
}

export interface AuditEntry {
  readonly at: Date;
  readonly actor: string;
  readonly action: AuditAction;
  readonly subject: string;
  readonly reason: string | null;
  /** JSON: its keys are nobody's field names. */
  readonly details: string;
}

/**
 * What still follows from a change, stored in the changed document itself by the very write that changed it: so nothing
 * of it is lost, and nothing of it happens without the change. Whoever comes first carries it out and takes it away.
 */
export interface OutboxEntry {
  readonly id: string;
  readonly at: Date;
  readonly guildId: string;
  readonly audit: readonly AuditEntry[];
  readonly effects: readonly { readonly id: number; readonly effect: Effect }[];
  readonly changes: readonly Change[];
  /** Seen values to be forgotten or remembered. */
  readonly releases: readonly BindingRelease[];
  /** Licenses unpublished by this name are shown. */
  readonly publish: string | null;
  /** The license's copy under its new key takes its place. */
  readonly pendingCopy: string | null;
  /** The licenses of this customer get their copy of his UUID. */
  readonly customer: string | null;
  /** Everything else of the guild goes. */
  readonly sweep: boolean;
  /** The document goes away in the end; until then its `gone` or `unpublished` hides it. */
  readonly remove: boolean;
}

/** Documents that a change can leave something to do in. */
export interface WithOutbox {
  /** Absent or empty: nothing is left to do. */
  readonly outbox?: readonly OutboxEntry[];
}

export interface BundleVersionDocument {
  readonly _id: 'current';
  readonly value: number;
  /** The newest changes, oldest first; the last one made `value`. */
  readonly changeLog: readonly Change[];
}

export interface GuildDocument extends WithOutbox, Omit<Guild, 'id'> {
  readonly _id: string;
  readonly rev: number;
  readonly privateKey: Buffer;
  /** Those that were changed, each as JSON; all others are the defaults. */
  readonly settings: readonly { readonly key: string; readonly value: string }[];
  readonly gone: boolean;
}

/** Its UUID is lower case. */
export interface ProductDocument extends WithOutbox, Omit<Product, 'id' | 'aliases'> {
  readonly _id: number;
  readonly rev: number;
  /** The present name and every former one: one folded name means one product of the guild. */
  readonly names: readonly { readonly folded: string; readonly name: string }[];
  readonly gone: boolean;
}

export interface LicenseDocument extends WithOutbox, License {
  /** `lookupText` of the guild and the key. */
  readonly _id: string;
  /** Raised by every write but that of `owner`, `expiryNotified` and outbox: who writes names the one that he read. */
  readonly rev: number;
  readonly sealedKey: Buffer;
  /** HMAC of the key alone: which guilds have it (redeem in a DM). */
  readonly keyAnywhere: string;
  /** Upper case, for search. */
  readonly keySuffixFolded: string;
  /** What is known of the owner, copied here so that a check reads one document. */
  readonly owner: Omit<KnownUser, 'id'> | null;
  /** The owner's UUID where it was supplied. */
  readonly customerId: string | null;
  readonly expiryNotified: boolean;
  readonly slots: readonly Binding[];
  /**
   * null: it counts. Else it does not count yet (the batch it is made in) or no longer (`movedTo` a new key): no check
   * finds it, and by id it is found only where nothing else is.
   */
  readonly unpublished: string | null;
}

/** Licenses made together: it exists once all of them do, until they are shown. */
export interface BatchDocument extends WithOutbox {
  readonly _id: string;
}

/** A customer to whom a UUID was supplied. */
export interface CustomerDocument extends WithOutbox {
  /** The two fields after `rev`. */
  readonly _id: string;
  readonly rev: number;
  readonly guildId: string;
  readonly userId: string;
  /** null: it was taken back. */
  readonly uuid: string | null;
}

export interface ObservedValueDocument extends Binding {
  /** `seenId`. */
  readonly _id: string;
  readonly licenseId: number;
  /** Retention is the guild's, and deletes by age. */
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
  /** Time-ordered, made at arrival: `attemptIdAt`. */
  readonly _id: number;
  /** The process that made it: two could make the same id. */
  readonly by: string;
}

export interface AttemptCountDocument extends AttemptCount {
  /** The four fields before the count. */
  readonly _id: string;
}

export interface RejectedRequestDocument extends RejectedRequestCount {
  /** The first four of its fields. */
  readonly _id: string;
}

export interface AuditDocument extends AuditEntry {
  readonly _id: number;
  /** The outbox entry it comes from and its place there: carried out twice, it is stored once. */
  readonly source: string;
  readonly guildId: string;
  readonly storedAt: Date;
}

export interface AlertDocument extends Omit<Alert, 'id'> {
  readonly _id: number;
  /** The one before it of this guild, kind and subject, or 0: two at once cannot follow the same one. */
  readonly after: number;
}

export interface UserDocument extends Omit<KnownUser, 'id'> {
  readonly _id: string;
}

export interface EffectDocument extends WithOutbox, Omit<StoredEffect, 'id'> {
  readonly _id: number;
  readonly kind: Effect['kind'];
}

export interface GrantedRoleDocument {
  /** The three fields after it. */
  readonly _id: string;
  readonly guildId: string;
  readonly userId: string;
  readonly roleId: string;
}

export interface CounterDocument {
  readonly _id: string;
  readonly value: number;
}

export interface LeaseDocument {
  readonly _id: string;
  readonly holder: string;
  readonly number: number;
  readonly expiresAt: Date;
  /** Those set under its fence, by `placeOf` their names. Absent: none were. */
  readonly notes?: Readonly<Record<string, string>>;
}

export interface NoteDocument {
  readonly _id: string;
  readonly value: string;
}

/** One document: what the database is. */
export interface MetaDocument {
  readonly _id: 'latchkey';
  readonly version: number;
  readonly fingerprint: string;
  /** How far another store is copied into this one; absent: this one is whole. */
  readonly copy?: CopyProgress;
}
