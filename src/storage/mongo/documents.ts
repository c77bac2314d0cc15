import type { Protocol, RefusalCount } from '../../domain/attempt.ts';
import type { AuditAction } from '../../domain/audit.ts';
import type { BlacklistType } from '../../domain/blacklist.ts';
import type { Binding } from '../../domain/binding.ts';
import type { AttemptResult } from '../../domain/denial.ts';
import type { Effect, EffectStatus } from '../../domain/effect.ts';
import type { Expiry } from '../../domain/expiry.ts';
import type { BindingKind, OwnForgetAfter, OwnLimits } from '../../domain/limits.ts';
import type { ValidationPoints } from '../../domain/points.ts';
import type { Release, VersionPolicy } from '../../domain/product.ts';
import type { Scope } from '../../domain/api-key.ts';
import type { CopyProgress } from '../copy.ts';

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

/** Bindings of a license whose `forgottenAt` is `from` get `to`. `value` null: all of the kind. */
export interface Mark {
  readonly licenseId: number;
  readonly kind: BindingKind;
  readonly value: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

/**
 * What still follows from a change, stored in the changed document itself by the very write that changed it: so nothing
 * of it is lost, and nothing of it happens without the change. Whoever comes first carries it out and takes it away.
 */
export interface Rest {
  readonly id: string;
  readonly at: Date;
  readonly guildId: string;
  readonly audit: readonly AuditEntry[];
  readonly effects: readonly { readonly id: number; readonly effect: Effect }[];
  readonly changes: readonly Change[];
  /** Seen values to be forgotten or remembered. */
  readonly marks: readonly Mark[];
  /** Licenses hidden by this name are shown. */
  readonly show: string | null;
  /** The license's copy under its new key takes its place. */
  readonly successor: string | null;
  /** The licenses of this customer get their copy of his UUID. */
  readonly customer: string | null;
  /** Everything else of the guild goes. */
  readonly sweep: boolean;
  /** The document goes away in the end; until then its `gone` or `hidden` hides it. */
  readonly remove: boolean;
}

/** Documents that a change can leave something to do in. */
export interface WithRests {
  /** Absent or empty: nothing is left to do. */
  readonly rests?: readonly Rest[];
}

export interface StampDocument {
  readonly _id: 'stamp';
  readonly value: number;
  /** The newest changes, oldest first; the last one made `value`. */
  readonly ring: readonly Change[];
}

export interface GuildDocument extends WithRests {
  readonly _id: string;
  readonly rev: number;
  readonly name: string;
  readonly teamId: string;
  readonly userId: string;
  readonly publicKey: string;
  readonly privateKey: Buffer;
  /** Those that were changed, each as JSON; all others are the defaults. */
  readonly settings: readonly { readonly key: string; readonly value: string }[];
  readonly createdAt: Date;
  readonly gone: boolean;
}

export interface ProductDocument extends WithRests {
  readonly _id: number;
  readonly rev: number;
  /** Lower case. */
  readonly uuid: string;
  readonly guildId: string;
  readonly name: string;
  /** The present name and every former one: one folded name means one product of the guild. */
  readonly names: readonly { readonly folded: string; readonly name: string }[];
  readonly description: string | null;
  readonly version: string | null;
  readonly versionPolicy: VersionPolicy;
  readonly buyerRoleId: string | null;
  readonly claimRoleId: string | null;
  readonly limits: OwnLimits;
  readonly url: string | null;
  readonly imageUrl: string | null;
  readonly releases: readonly Release[];
  readonly createdAt: Date;
  readonly deletedAt: Date | null;
  readonly gone: boolean;
}

export interface LicenseDocument extends WithRests {
  /** `lookupText` of the guild and the key. */
  readonly _id: string;
  /** Raised by every write but that of `owner`, `expiryTold` and rests: who writes names the one that he read. */
  readonly rev: number;
  readonly id: number;
  readonly guildId: string;
  readonly sealedKey: Buffer;
  /** HMAC of the key alone: which guilds have it (redeem in a DM). */
  readonly keyAnywhere: string;
  readonly keyTail: string;
  /** Upper case, for search. */
  readonly keyTailFolded: string;
  readonly productId: number;
  readonly name: string | null;
  readonly note: string | null;
  readonly order: string | null;
  readonly ownerId: string | null;
  /** What is known of the owner, copied here so that a check reads one document. */
  readonly owner: { readonly username: string; readonly discriminator: string } | null;
  /** The owner's UUID where it was supplied. */
  readonly customerId: string | null;
  readonly staff: boolean;
  readonly suspension: { readonly at: Date; readonly reason: string | null } | null;
  readonly switchedOff: boolean;
  readonly expiry: Expiry;
  readonly expiresAt: Date | null;
  readonly expiryTold: boolean;
  readonly activatedAt: Date | null;
  readonly limits: OwnLimits;
  readonly forgetAfter: Readonly<Record<BindingKind, OwnForgetAfter>>;
  readonly scope: string | null;
  readonly points: ValidationPoints;
  readonly ownerResets: readonly Date[];
  readonly slots: readonly Binding[];
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly deletedAt: Date | null;
  /**
   * null: it counts. Else it does not count yet (the batch it is made in) or no longer (`movedTo` a new key): no check
   * finds it, and by id it is found only where nothing else is.
   */
  readonly hidden: string | null;
}

/** Licenses made together: it exists once all of them do, until they are shown. */
export interface BatchDocument extends WithRests {
  readonly _id: string;
}

/** A customer to whom a UUID was supplied. */
export interface CustomerDocument extends WithRests {
  /** The two fields after `rev`. */
  readonly _id: string;
  readonly rev: number;
  readonly guildId: string;
  readonly userId: string;
  /** null: it was taken back. */
  readonly uuid: string | null;
}

export interface SeenDocument extends Binding {
  /** `seenId`. */
  readonly _id: string;
  readonly licenseId: number;
  /** Retention is the guild's, and deletes by age. */
  readonly guildId: string;
}

export interface ApiKeyDocument extends WithRests {
  readonly _id: number;
  readonly guildId: string;
  readonly name: string;
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface BlacklistDocument extends WithRests {
  readonly _id: number;
  readonly rev: number;
  readonly guildId: string;
  readonly type: BlacklistType;
  readonly value: string;
  readonly match: string;
  readonly reason: string | null;
  readonly expiresAt: Date | null;
  readonly hits: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly gone: boolean;
}

export interface AttemptDocument {
  /** Time-ordered, made at arrival: `attemptIdAt`. */
  readonly _id: number;
  /** The process that made it: two could make the same id. */
  readonly by: string;
  readonly guildId: string;
  readonly at: Date;
  readonly protocol: Protocol;
  readonly result: AttemptResult;
  readonly licenseId: number | null;
  readonly productId: number | null;
  readonly product: string | null;
  readonly version: string | null;
  readonly keyTail: string | null;
  readonly declaredIp: string | null;
  readonly observedIp: string;
  readonly hwid: string | null;
  readonly mac: string | null;
  readonly country: string | null;
  readonly userAgent: string | null;
  readonly info: string | null;
  readonly newBindings: readonly BindingKind[];
  readonly quiet: boolean;
}

export interface AttemptCountDocument {
  /** The four fields after it. */
  readonly _id: string;
  readonly guildId: string;
  readonly minute: Date;
  readonly protocol: Protocol;
  readonly result: AttemptResult;
  readonly count: number;
}

export interface RefusalDocument extends RefusalCount {
  /** The first four of its fields. */
  readonly _id: string;
}

export interface AuditDocument extends AuditEntry {
  readonly _id: number;
  /** The rest it comes from and its place there: carried out twice, it is stored once. */
  readonly source: string;
  readonly guildId: string;
  readonly storedAt: Date;
}

export interface AlertDocument {
  readonly _id: number;
  readonly guildId: string;
  readonly at: Date;
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
  /** The one before it of this guild, kind and subject, or 0: two at once cannot follow the same one. */
  readonly after: number;
}

export interface UserDocument {
  readonly _id: string;
  readonly username: string;
  readonly discriminator: string;
}

export interface EffectDocument extends WithRests {
  readonly _id: number;
  readonly guildId: string;
  readonly kind: Effect['kind'];
  readonly effect: Effect;
  readonly status: EffectStatus;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly claimedAt: Date | null;
  readonly tries: number;
  readonly outcome: string | null;
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
