import type { Binding, Slot } from './binding.ts';
import type { BlacklistReader } from './blacklist/blacklist.ts';
import type { Guild } from './guild.ts';
import type { License } from './license.ts';
import type { BindingKind } from './limits.ts';
import type { Product } from './product.ts';
import type { Settings } from './settings/settings.ts';

/** Look-ups in a license's slots, which the store answers from its snapshot. */
export interface SlotReader {
  find(kind: BindingKind, value: string): Binding | null;
  /** Whether at least `count` slots are not released and were seen within `forgetBefore` (`isSeenWithin`). */
  hasLive(kind: BindingKind, count: number, forgetBefore: Date | null): boolean;
  /** All slots that `hasLive` counts, in no particular order. Asked only where a full limit may give way to a new value. */
  live(kind: BindingKind, forgetBefore: Date | null): readonly Slot[];
}

/** A guild without its licenses. Each process caches it, as long as the installation's bundle version is the same. */
export interface Bundle {
  readonly guild: Guild;
  readonly settings: Settings;
  readonly products: ProductReader;
}

/** What checks are decided on besides. People's questions about the blacklist go to the store, which has all of it. */
export interface CheckBundle extends Bundle {
  readonly blacklist: BlacklistReader;
}

export interface ProductReader {
  /** Also finds deleted products, which licenses may belong to; the other look-ups do not. */
  byId(id: number): Product | null;
  /** By name or alias, compared as `foldName` makes them. */
  byName(name: string): Product | null;
  byUuid(uuid: string): Product | null;
  /** All products that are not deleted, sorted by name. */
  all(): readonly Product[];
}

/** A Discord user whose name the bot has seen. */
export interface KnownUser {
  readonly id: string;
  readonly username: string;
  /** `0` for users without a discriminator. */
  readonly discriminator: string;
}

/** A user whom the owner of a license shares it with. */
export interface Helper {
  /** null: their name was never seen. */
  readonly user: KnownUser | null;
  /** Their UUID in this guild. */
  readonly customerId: string;
}

/**
 * Everything that rules may look at, as of one instant. Nothing in it changes while they run. What only some checks need
 * is a function: the store reads or computes it when it is asked, as of the same instant.
 */
export interface Snapshot {
  readonly now: Date;
  readonly bundle: CheckBundle;
  /** The key's look-up hash in hex, which blacklist entries for keys match; null: the request has no key. */
  keyHash(): string | null;
  /** The license with the key, unless it is deleted. */
  readonly license: License | null;
  /** The license's owner; null: none, or one whose name was never seen. */
  owner(): KnownUser | null;
  /** The owner's UUID in this guild: supplied by staff, or derived from their Discord id. null: no owner. */
  customerId(): string | null;
  /** Those whom the owner shares the license with, in its order. */
  helpers(): readonly Helper[];
  readonly slots: SlotReader;
}
