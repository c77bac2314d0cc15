import type { Attempt, Protocol } from './attempt.ts';
import type { BlacklistEntry, BlacklistType } from './blacklist.ts';
import type { Binding } from './binding.ts';
import type { Denial, Unplaced } from './denial.ts';
import type { Guild } from './guild.ts';
import type { License } from './license.ts';
import type { BindingKind } from './limits.ts';
import type { ValidationPoints } from './points.ts';
import type { Product } from './product.ts';
import type { Settings } from './settings.ts';

/** How a request says which guild it is for. */
export type Place =
  | { readonly by: 'api-key'; readonly secret: string | null }
  | { readonly by: 'team'; readonly teamId: string }
  | { readonly by: 'user'; readonly userId: string }
  /**
   * In request order. The guilds of the known products, in that order: the first that has a license with the key is
   * meant, or else the first.
   */
  | { readonly by: 'product'; readonly productIds: readonly number[] };

/** A client program's question, translated from its protocol. Texts are trimmed, at most 1,024 characters. */
export interface CheckRequest {
  readonly protocol: Protocol;
  readonly place: Place;
  readonly key: string | null;
  /** How the client names the product: its name (TKI), number (FaxStore, SunLicense) or UUID (Lukittu). */
  readonly product: string | null;
  readonly version: string | null;
  /** Of releases (Lukittu). */
  readonly branch: string | null;
  /** UUID of a customer, lower case (Lukittu). */
  readonly customerId: string | null;
  /** What the license must be for (LicenseGate). */
  readonly scope: string | null;
  /** A text to sign with the guild's challenge key when it is granted. */
  readonly challenge: string | null;
  /** The identity that the client says it has; opaque text. */
  readonly declaredIp: string | null;
  /** The canonical address the server saw, as `domain/address` writes it. */
  readonly observedIp: string;
  readonly hwid: string | null;
  readonly mac: string | null;
  /** ISO alpha-3, from a trusted proxy. */
  readonly country: string | null;
  readonly userAgent: string | null;
  /** What else the client tells of itself, for staff to read. */
  readonly info: string | null;
  /** Set when the body could not be understood: what the client is told, in its protocol's words. */
  readonly malformed: string | null;
  readonly quiet: boolean;
}

/** A license's slots as a rule may ask for them; the store answers from its snapshot. */
export interface SlotReader {
  find(kind: BindingKind, value: string): Binding | null;
  /** Slots that are not forgotten and were seen after the instant (null: at any time). */
  countLive(kind: BindingKind, seenAfter: Date | null): number;
}

/** The guild's blacklist as of the snapshot. Expired entries never match. */
export interface BlacklistReader {
  /** The most specific entry that covers any of the texts (addresses, `ip:port` forms, declared texts). */
  findIp(texts: readonly string[], now: Date): BlacklistEntry | null;
  find(type: Exclude<BlacklistType, 'ip'>, match: string, now: Date): BlacklistEntry | null;
}

/** What a guild is, apart from its licenses: cached per process under the installation's stamp. */
export interface Bundle {
  readonly guild: Guild;
  readonly settings: Settings;
  readonly products: ProductReader;
  readonly blacklist: BlacklistReader;
}

export interface ProductReader {
  /** Deleted products are found by id (a license's product) but by nothing else. */
  byId(id: number): Product | null;
  /** By name or alias, case-insensitive, trimmed. */
  byName(name: string): Product | null;
  byUuid(uuid: string): Product | null;
  /** Not deleted, by name. */
  all(): readonly Product[];
}

/** A Discord user whose name somebody has seen. */
export interface KnownUser {
  readonly id: string;
  readonly username: string;
  /** `0` for users without one. */
  readonly discriminator: string;
}

/** Everything that rules may look at. Read at one instant; nothing in it changes while they run. */
export interface Snapshot {
  readonly now: Date;
  readonly bundle: Bundle;
  /** The key's look-up hash in hex, which key blacklist entries match; null without a key. */
  readonly keyHash: string | null;
  /** Deleted licenses are not in it. */
  readonly license: License | null;
  readonly owner: KnownUser | null;
  /** The owner's UUID in this guild: supplied, or always the same; null: no owner. */
  readonly customerId: string | null;
  readonly slots: SlotReader;
}

/** A grant's writes: all of them or none. */
export interface GrantWrites {
  /** Slots to take: forgotten and timed-out ones of the kind (last seen at or before `forgetBefore`) go in the same write. */
  readonly take: readonly { readonly kind: BindingKind; readonly value: string; readonly forgetBefore: Date | null }[];
  /** Slots whose `lastSeenAt` becomes now. */
  readonly refresh: readonly { readonly kind: BindingKind; readonly value: string }[];
  /** Values used while their kind is unlimited. */
  readonly seen: readonly { readonly kind: BindingKind; readonly value: string }[];
  /** The first grant: activation, and the end that a duration from activation gets. */
  readonly activation: { readonly at: Date; readonly expiresAt: Date | null } | null;
  /** The license's validation points after this grant; null: they stay as they are. */
  readonly points: ValidationPoints | null;
}

/** What is stored of the attempt; the store adds id and time. */
export type NewAttempt = Omit<Attempt, 'id' | 'guildId' | 'at'>;

/** What the rules decided: the outcome and everything that is committed with it. */
export interface Decision {
  readonly outcome: Granted | Denied;
  /** null: what the guard refuses is no attempt, and nothing at all is stored of it. */
  readonly attempt: NewAttempt | null;
  readonly writes: GrantWrites | null;
  readonly blacklistHit: number | null;
}

export interface Granted {
  readonly result: 'granted';
  readonly guild: Guild;
  readonly settings: Settings;
  readonly license: License;
  readonly product: Product;
  readonly owner: KnownUser | null;
  readonly customerId: string | null;
}

interface Denied {
  readonly result: 'denied';
  readonly denial: Denial;
  /** The protocol's own sentence where the denial alone does not say it (`malformed`). */
  readonly detail: string | null;
}

/** No guild could be found. Nothing is stored. */
interface NotPlaced {
  readonly result: 'unplaced';
  readonly reason: Unplaced;
}

export type CheckOutcome = Granted | Denied | NotPlaced;

/** Pure: the same snapshot always gives the same decision. The store may ask again when somebody was faster. */
export type DecisionRule = (snapshot: Snapshot) => Decision;
