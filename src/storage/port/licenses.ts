import type { Actor } from '../../domain/actor.ts';
import type { Binding } from '../../domain/binding.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import type { License, LicenseState } from '../../domain/license.ts';
import type { BindingKind } from '../../domain/limits.ts';
import type { Page } from './page.ts';
import type { Changed, Recorded, Trail } from './trail.ts';

/** A new license with its key in clear; the store seals it. */
export type NewLicense = Omit<
  License,
  'id' | 'guildId' | 'keySuffix' | 'createdAt' | 'deletedAt' | 'ownerResets' | 'activatedAt'
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
  readonly keySuffix?: string;
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

export interface LicenseChange<R> extends Changed<License, R> {
  /** Live slots and seen values of these kinds (or just this value) are marked forgotten at now. */
  readonly release?: readonly { readonly kind: BindingKind; readonly value: string | null }[];
  /** Slots forgotten at this very instant count again (undo of a reset). */
  readonly undoRelease?: Date;
  /** A new key; the old one is free again. */
  readonly newKey?: string;
}

export interface DailyLimit {
  readonly actor: Actor;
  readonly since: Date;
  readonly max: number;
}

/** As many as one commit makes: some 10 ms, for which checks may have to wait. */
export const maxLicensesAtOnce = 250;

export interface Licenses {
  /**
   * Makes all or none of at most `maxLicensesAtOnce`. `taken` tells the index of a key that exists in the guild and the
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
   * which this change forgets bindings, so that `undoRelease` can name it. null: no such license in this guild.
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
