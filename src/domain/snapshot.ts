import type { Binding } from './binding.ts';
import type { BlacklistReader } from './blacklist.ts';
import type { Guild } from './guild.ts';
import type { License } from './license.ts';
import type { BindingKind } from './limits.ts';
import type { Product } from './product.ts';
import type { Settings } from './settings.ts';

/** A license's slots as a rule may ask for them; the store answers from its snapshot. */
export interface SlotReader {
  find(kind: BindingKind, value: string): Binding | null;
  /** Slots that are not forgotten and were seen after the instant (null: at any time). */
  countLive(kind: BindingKind, seenAfter: Date | null): number;
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
