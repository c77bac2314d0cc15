import type { Actor } from '../../domain/actor.ts';
import type { ApiKey, Scope } from '../../domain/api-key.ts';
import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Binding } from '../../domain/binding.ts';
import type { BlacklistEntry, BlacklistType } from '../../domain/blacklist.ts';
import type { Bundle, CheckOutcome, CheckRequest, DecisionRule } from '../../domain/check.ts';
import type { Effect, EffectStatus, StoredEffect } from '../../domain/effect.ts';
import type { Guild } from '../../domain/guild.ts';
import type { License, LicenseState } from '../../domain/license.ts';
import type { BindingKind } from '../../domain/limits.ts';
import type { Product } from '../../domain/product.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Records } from './records.ts';

/**
 * The store. It speaks intents with atomic meaning: every method is one change or one consistent read. No documents and
 * no `undefined` cross it. Ids of another guild are not found. A method settles after its commit is durable: a change
 * by a person survives a power cut and binds every check that arrives afterwards, on every process.
 *
 * Everything that a caller did wrong is a value; what it throws is trouble (`StoreUnavailableError`: closed, locked for
 * too long, full, read-only).
 */
export interface Storage
  extends
    Checks,
    Guilds,
    Customers,
    Products,
    Licenses,
    ApiKeys,
    Blacklist,
    Records,
    Effects,
    Coordination,
    Upkeep,
    Inspection {}

export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

export interface Checks {
  /**
   * Answers one check: finds the guild, reads a snapshot, asks `rule`, commits what it returns (attempt, and with a
   * grant its writes) and settles after that commit. Decides again if the license changed in between. Settles within
   * 1,800 ms of the call, with the denial `store-unavailable` when the store could not commit; then nothing of it is
   * stored but possibly a grant whose answer failed. Never rejects, but where `rule` throws.
   *
   * Attempts without a license are stored singly up to 60 a minute and guild, and as counts beyond that.
   */
  decide(request: CheckRequest, rule: DecisionRule): Promise<CheckOutcome>;
  /** Waits for the checks accepted so far. */
  drain(): Promise<void>;
}

/** What is stored with a change, in the same commit. `recordedEffects` tells their ids. */
export interface Trail {
  readonly audit: readonly NewAuditEvent[];
  readonly effects: readonly Effect[];
}

export interface Recorded {
  readonly effectIds: readonly number[];
}

/** `change` is pure and may be called again with newer state; returning `next: null` writes nothing. */
interface Changed<T, R> {
  readonly next: T | null;
  readonly trail: Trail;
  readonly result: R;
}

// ---------------------------------------------------------------- guilds

export interface NewGuild {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly userId: string;
  readonly publicKey: string;
  /** PKCS#8 PEM; the store seals it under the master key. */
  readonly privateKey: string;
}

export interface Guilds {
  /** Says which of the ids is taken instead of making it. */
  addGuild(
    guild: NewGuild,
    trail: Trail,
  ): Promise<{ readonly guild: Guild } | { readonly taken: 'id' | 'teamId' | 'userId' }>;
  renameGuild(guildId: string, name: string): Promise<void>;
  /** Removes the guild and everything that belongs to it. */
  deleteGuild(guildId: string): Promise<boolean>;
  guilds(): Promise<readonly Guild[]>;
  /** The PKCS#8 PEM that signs challenges, in clear. null: no such guild. */
  challengeKey(guildId: string): Promise<string | null>;
  /** The guild with its settings, products and blacklist as of now; null: no such guild. */
  bundle(guildId: string): Promise<Bundle | null>;
  changeSettings<R>(
    guildId: string,
    change: (current: Settings) => Changed<Settings, R>,
  ): Promise<(R & Recorded) | null>;
}

// ---------------------------------------------------------------- customers

export interface Customers {
  /** The UUID of a Discord user as a customer of this guild: the one that was supplied, or always the same one. */
  customerId(guildId: string, userId: string): Promise<string>;
  /** Supplies it (lower case), or takes it back (null). Refuses one that was supplied for another user of the guild. */
  setCustomerId(
    guildId: string,
    userId: string,
    uuid: string | null,
    trail: Trail,
  ): Promise<({ readonly customerId: string } & Recorded) | { readonly taken: true }>;
}

// ---------------------------------------------------------------- products

export type NewProduct = Omit<Product, 'id' | 'uuid' | 'guildId' | 'createdAt' | 'deletedAt' | 'aliases'> & {
  /** null: the next free number. */
  readonly id: number | null;
  /** null: a new one. */
  readonly uuid: string | null;
};

export type ProductTaken = 'id' | 'uuid' | 'name';

export interface Products {
  /** Refuses a taken id or UUID (anywhere) or name (in the guild, aliases and deleted products included). */
  createProduct(
    guildId: string,
    product: NewProduct,
    trail: (made: Product) => Trail,
  ): Promise<({ readonly product: Product } & Recorded) | { readonly taken: ProductTaken }>;
  /**
   * Edits, deletes (`deletedAt`) and restores a product, releases included. Its licenses are deleted and restored with it without being
   * touched. Deleted products are found here. null: no such product in this guild.
   */
  changeProduct<R>(
    guildId: string,
    productId: number,
    change: (current: Product) => Changed<Product, R>,
  ): Promise<(R & Recorded) | { readonly taken: ProductTaken } | null>;
  /** Products deleted and not yet purged. */
  deletedProducts(guildId: string): Promise<readonly Product[]>;
  /** Licenses of a product, deleted ones not counted, and the distinct owners among them. */
  countLicenses(guildId: string, productId: number): Promise<{ readonly licenses: number; readonly owners: number }>;
}

// ---------------------------------------------------------------- licenses

/** A new license with its key in clear; the store seals it. */
export type NewLicense = Omit<
  License,
  'id' | 'guildId' | 'keyTail' | 'createdAt' | 'deletedAt' | 'ownerResets' | 'activatedAt'
> & {
  readonly key: string;
};

/** By id, or by key as `domain/key-format` normalises it. */
export type LicenseRef = { readonly id: number } | { readonly key: string };

export interface LicenseQuery {
  readonly productId?: number;
  readonly ownerId?: string;
  readonly state?: LicenseState;
  /** Last group of a key, exact; case counts not. */
  readonly keyTail?: string;
  readonly order?: string;
  /** Licenses on which this live slot or seen value is. */
  readonly binding?: { readonly kind: BindingKind; readonly value: string };
  /** Part of name, note or order, case-insensitive. */
  readonly text?: string;
  readonly staff?: boolean;
  /** In the state `active` (true), or suspended, off or expired (false). */
  readonly active?: boolean;
  /** Expiring at or before; licenses that never expire are left out. */
  readonly expiresBefore?: Date;
}

/** `afterId` of the last row goes into the next call; newest first. */
export interface Page {
  readonly limit: number;
  readonly beforeId: number | null;
}

export interface LicenseChange<R> extends Changed<License, R> {
  /** Live slots and seen values of these kinds (or just this value) are marked forgotten at now. */
  readonly forget?: readonly { readonly kind: BindingKind; readonly value: string | null }[];
  /** Slots forgotten at this very instant count again (undo of a reset). */
  readonly remember?: Date;
  /** A new key; the old one is free again. */
  readonly newKey?: string;
}

export interface DailyLimit {
  readonly actor: Actor;
  readonly since: Date;
  readonly max: number;
}

/** As many as one commit makes: some 10 ms, for which checks may have to wait. */
export const mostLicensesAtOnce = 250;

export interface Licenses {
  /**
   * Makes all or none of at most `mostLicensesAtOnce`. `taken` tells the index of a key that exists in the guild and the
   * license that holds it (id 0: the key is twice in this call). With `daily`, no more than `max` licenses made by that
   * actor since then, this call included.
   */
  createLicenses(
    guildId: string,
    licenses: readonly NewLicense[],
    trail: (made: readonly License[]) => Trail,
    daily: DailyLimit | null,
  ): Promise<
    | ({ readonly licenses: readonly License[] } & Recorded)
    | { readonly taken: { readonly index: number; readonly holder: License } }
    | { readonly dailyLimit: { readonly made: number; readonly max: number } }
  >;
  /**
   * Reads, decides and writes in one step; nothing comes between. Deleted licenses are found. `now` is the instant at
   * which this change forgets bindings, so that `remember` can name it. null: no such license in this guild.
   */
  changeLicense<R>(
    guildId: string,
    ref: LicenseRef,
    change: (current: License, bundle: Bundle, now: Date) => LicenseChange<R>,
  ): Promise<(R & Recorded) | { readonly taken: 'key' } | null>;
  /** Deleted ones included. */
  license(guildId: string, ref: LicenseRef): Promise<License | null>;
  /** Without `state: 'deleted'`, deleted licenses are left out. */
  licenses(guildId: string, query: LicenseQuery, page: Page): Promise<readonly License[]>;
  countLicensesBy(guildId: string, query: LicenseQuery): Promise<number>;
  /** In clear, for its owner or an audited reveal. null: no such license. */
  licenseKey(guildId: string, licenseId: number): Promise<string | null>;
  /** Newest use first, at most `limit` a kind: live slots of limited kinds and seen values of unlimited ones. */
  bindings(
    guildId: string,
    licenseId: number,
    limit: number,
  ): Promise<{ readonly bindings: readonly Binding[]; readonly counts: Readonly<Record<BindingKind, number>> }>;
  /** Over all guilds: every guild in which this key is a license (not deleted). For `/redeem` in a DM. */
  guildsWithKey(key: string): Promise<readonly string[]>;
  /** Over all guilds, not deleted, newest first. */
  licensesOf(ownerId: string): Promise<readonly License[]>;
  /** Owners (distinct) of licenses with this binding, and how many licenses. */
  countWithBinding(
    guildId: string,
    kind: BindingKind,
    match: (value: string) => boolean,
  ): Promise<{ readonly licenses: number; readonly owners: number }>;
}

// ---------------------------------------------------------------- API keys

export interface ApiKeys {
  /** The secret is stored as a keyed hash. A secret known anywhere in the installation is refused. */
  createApiKey(
    guildId: string,
    apiKey: {
      readonly name: string;
      readonly scopes: readonly Scope[];
      readonly secret: string;
      readonly expiresAt: Date | null;
      readonly createdBy: string;
    },
    trail: (made: ApiKey) => Trail,
  ): Promise<({ readonly apiKey: ApiKey } & Recorded) | { readonly taken: true }>;
  /** null: no such key in this guild; revoking again changes nothing. */
  revokeApiKey(guildId: string, id: number, trail: Trail): Promise<ApiKey | null>;
  apiKeys(guildId: string): Promise<readonly ApiKey[]>;
  /** Over all guilds, revoked and expired ones too. null: no API key has this secret. */
  apiKeyBySecret(secret: string): Promise<ApiKey | null>;
}

// ---------------------------------------------------------------- blacklist

export type NewBlacklistEntry = Omit<BlacklistEntry, 'id' | 'guildId' | 'hits' | 'createdAt' | 'match'> & {
  /** null for a key, whose look-up hash only the store can make of `key`. */
  readonly match: string | null;
  readonly key: string | null;
};

export interface Blacklist {
  /** An entry for the same thing is replaced: reason and end, hits kept. */
  addBlacklistEntry(
    guildId: string,
    entry: NewBlacklistEntry,
    trail: (made: BlacklistEntry) => Trail,
  ): Promise<{ readonly entry: BlacklistEntry; readonly replaced: BlacklistEntry | null } & Recorded>;
  removeBlacklistEntry(guildId: string, id: number, trail: Trail): Promise<BlacklistEntry | null>;
  blacklist(guildId: string, query: { readonly type?: BlacklistType }, page: Page): Promise<readonly BlacklistEntry[]>;
  countBlacklist(guildId: string): Promise<number>;
  /** The entry for exactly this; a key is given in clear. */
  blacklistEntry(
    guildId: string,
    of: { readonly type: BlacklistType; readonly match: string } | { readonly type: 'key'; readonly key: string },
  ): Promise<BlacklistEntry | null>;
  /** Removes entries whose end has passed (they bind nobody since that instant) with an audit event each; at most `limit`. */
  endBlacklistEntries(now: Date, limit: number): Promise<number>;
}

// ---------------------------------------------------------------- effects

export interface Effects {
  addEffects(guildId: string, effects: readonly Effect[]): Promise<readonly number[]>;
  /**
   * Claims what is due, oldest first: nobody else gets it while the claim is younger than `claimMs`. `claimedAt` of what
   * it returns is that of an earlier claim that never ended (its process died), else null.
   */
  claimEffects(kind: Effect['kind'], limit: number, claimMs: number): Promise<readonly StoredEffect[]>;
  /** `pending` gives it back for `dueAt`. */
  finishEffect(
    id: number,
    end: {
      readonly status: Exclude<EffectStatus, 'claimed'>;
      readonly outcome: string | null;
      readonly dueAt: Date | null;
    },
    audit: NewAuditEvent | null,
  ): Promise<void>;
  effectsById(ids: readonly number[]): Promise<readonly StoredEffect[]>;
  /** Roles that the bot gave this member and has not taken. */
  grantedRoles(guildId: string, userId: string): Promise<readonly string[]>;
  setRoleGranted(guildId: string, userId: string, roleId: string, granted: boolean): Promise<void>;
  /** Members with granted roles or licenses, for the nightly run: user ids after the given one, in order. */
  membersAfter(guildId: string, userId: string | null, limit: number): Promise<readonly string[]>;
}

// ---------------------------------------------------------------- several processes

export interface Coordination {
  /** A fencing number greater than any before, or null while somebody else's lease lives. Renewing keeps the number. */
  acquireLease(name: string, holder: string, ttlMs: number): Promise<number | null>;
  releaseLease(name: string, holder: string): Promise<void>;
  /** A small text under a name, such as the shipper's position; null: never set. */
  note(name: string): Promise<string | null>;
  /** With `fence`, refused (false) when a newer holder of that lease exists. */
  setNote(
    name: string,
    value: string,
    fence: { readonly lease: string; readonly number: number } | null,
  ): Promise<boolean>;
}

// ---------------------------------------------------------------- upkeep

export interface Upkeep {
  /** Licenses whose end passed by `now` and that were not told so yet: marks them and stores what `trail` makes. At most `limit`. */
  expireLicenses(now: Date, limit: number, trail: (license: License) => Trail): Promise<number>;
  /** Removes the oldest attempts, counts and seen values before the instant; at most `limit` rows; how many went. */
  deleteAttemptsBefore(guildId: string, before: Date, limit: number): Promise<number>;
  /** Removes for good what was deleted before the instant, with bindings; at most `limit` rows; how many went. */
  purgeDeleted(before: Date, limit: number): Promise<number>;
  /** Forgets ended effects older than the instant; at most `limit`. */
  deleteEffectsBefore(before: Date, limit: number): Promise<number>;
  /** A consistent copy in a file that must not exist. Embedded store only. */
  backup(file: string): Promise<void>;
  /** Rejects when the store cannot be written within 1,500 ms. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- inspection

export interface ReplicaSet {
  /** How far its clock is ahead of this machine's. */
  readonly clockAheadMs: number;
  /** What queries rely on and is not there, as `collection.field_field`. */
  readonly missingIndexes: readonly string[];
  /** null: its user may not look, or it is behind routers. */
  readonly config: {
    readonly members: number;
    /** Those that vote and hold no data. */
    readonly arbiters: number;
    readonly heartbeatIntervalMs: number;
    /** Whether a majority has a write in its journals when it confirms it. */
    readonly isJournaled: boolean;
  } | null;
}

interface Inspection {
  /** What `doctor` looks at; null: the store is no replica set. */
  replicaSet(): Promise<ReplicaSet | null>;
}
