import type { Actor } from '../../domain/actor.ts';
import type { Slot } from '../../domain/binding.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import type { HoldKind } from '../../domain/hold.ts';
import type { License, LicenseState } from '../../domain/license.ts';
import type { BindingKind } from '../../domain/limits.ts';
import type { Page } from './page.ts';
import type { Changed, Recorded, Trail } from './trail.ts';

/**
 * A license to be stored, with its key in clear; the store seals the key. It belongs to the customer who is its owner,
 * whose record is made if there is none; without owner to the one that `customerId` names, whose Discord user, if there
 * is one, is its owner then.
 */
export type NewLicense = Omit<
  License,
  | 'id'
  | 'uuid'
  | 'guildId'
  | 'keySuffix'
  | 'createdAt'
  | 'updatedAt'
  | 'revision'
  | 'deletedAt'
  | 'ownerResets'
  | 'replacements'
  | 'activatedAt'
> & {
  readonly key: string;
};

/** What a license begins with. The store replaces the id, and the instants if the commit comes later. */
export function unusedLicense(now: Date) {
  const never = { ownerResets: [], replacements: [], activatedAt: null, deletedAt: null };
  return { id: 0, createdAt: now, updatedAt: now, revision: 1, ...never } as const;
}

/** A license by its id, by its UUID in lower case, or by its key, which `domain/key-format` has normalised. */
export type LicenseRef = { readonly id: number } | { readonly uuid: string } | { readonly key: string };

/** Which licenses of a guild are listed: those that match every field that is there. */
export interface LicenseQuery {
  /** Licenses that are for this product: as their main one, a further one, or with all products. */
  readonly productId?: number;
  readonly ownerId?: string;
  readonly customerId?: number;
  /** Left out: any state but `deleted`. */
  readonly state?: LicenseState;
  /** The whole suffix, in any letter case. */
  readonly keySuffix?: string;
  /** Compared as `foldName` makes it. */
  readonly order?: string;
  /** Licenses with this value as a slot or observed value that was not released. */
  readonly binding?: { readonly kind: BindingKind; readonly value: string };
  /** A part of name, note or order, in any letter case. */
  readonly text?: string;
  readonly staff?: boolean;
  /** Licenses with this hold. Without `state`, those that are suspended. */
  readonly hold?: HoldKind;
  /** True: the state is `active`. False: it is `suspended`, `off` or `expired`. */
  readonly active?: boolean;
  /** The end is at or before this instant. Licenses that never expire do not match. */
  readonly expiresBefore?: Date;
}

/**
 * Owner and customer of a license belong together: the one that `next` changes decides the other one, as in a new
 * license; where it changes both, the owner does.
 */
export interface LicenseChange<R> extends Changed<License, R> {
  /** Bindings of these kinds, or with `value` that one, are released at the instant of the change. */
  readonly release?: readonly { readonly kind: BindingKind; readonly value: string | null }[];
  /** Bindings that were released at exactly this instant count again: the undo of a reset. */
  readonly undoRelease?: Date;
  /**
   * The new owner is the customer that the license belongs to, who has no Discord user yet: the customer's record gets
   * it, with all licenses, or becomes part of the record that the Discord user has.
   */
  readonly isClaim?: true;
  /** The license gets this key, and the key before can be given to another license. */
  readonly newKey?: string;
}

/**
 * How many licenses an actor may make in all since an instant. Those made over a day in the future were made by a clock
 * that was ahead, and do not count.
 */
export interface DailyLimit {
  readonly actor: Actor;
  readonly since: Date;
  readonly max: number;
}

/** How many licenses with keys of one folded form are found at most. */
export const maxFoldedKeys = 100;

/** How many licenses one call may make. One commit of so many takes some 30 ms, for which checks may have to wait. */
export const maxLicensesAtOnce = 250;

export interface Licenses {
  /**
   * Stores all of the licenses (at most `maxLicensesAtOnce`) or none. `taken` names the index of the first key that a
   * license of the guild has, and that license; its id is 0 where the key is twice in this call. `dailyLimit`: with
   * these licenses the actor would have made more than `max`, of which `made` exist. `claim`: what licenses can be made
   * for once in the guild, for ever; `claimed` if some were.
   */
  createLicenses(
    guildId: string,
    licenses: readonly NewLicense[],
    trail: (made: readonly License[]) => Trail,
    daily: DailyLimit | null,
    claim?: string | null,
  ): Promise<
    | ({ readonly licenses: readonly License[] } & Recorded)
    | { readonly taken: { readonly index: number; readonly holder: License } }
    | { readonly dailyLimit: { readonly made: number; readonly max: number } }
    | { readonly claimed: true }
  >;
  /**
   * Reads a license, which may be deleted, calls `change` and stores what it returns, atomically. `now` is the instant
   * of the change: bindings that it releases are released at `now`, so that a later `undoRelease` can name it. Slots
   * are released with the change; the observed values, which no check reads, may be released in later commits of the
   * same call. `taken`: another license of the guild has `newKey`, and nothing was stored. null: the guild has no such
   * license.
   */
  changeLicense<R>(
    guildId: string,
    ref: LicenseRef,
    change: (current: License, bundle: Bundle, now: Date) => LicenseChange<R>,
  ): Promise<(R & Recorded) | { readonly taken: 'key' } | null>;
  /** The license, which may be deleted. null: the guild has no such license. */
  license(guildId: string, ref: LicenseRef): Promise<License | null>;
  /** The guild's licenses that match the query, newest first. */
  licenses(guildId: string, query: LicenseQuery, page: Page): Promise<readonly License[]>;
  countLicensesBy(guildId: string, query: LicenseQuery): Promise<number>;
  /**
   * The id of the license at a position of the list that `licenses` gives for the query, 1 being the newest. null: the
   * list is shorter. By state and product alone no licenses are read on the way there, so that a list of a million may
   * be entered anywhere.
   */
  licenseIdAt(guildId: string, query: LicenseQuery, position: number): Promise<number | null>;
  /**
   * The license's key in clear, for its owner or for a person whose look is audited. null: the guild has no such
   * license.
   */
  licenseKey(guildId: string, licenseId: number): Promise<string | null>;
  /**
   * The license's bindings that count: slots of limited kinds that were neither released nor timed out, observed values
   * of unlimited kinds that were not released. At most `limit` of each kind, last used first; `counts` counts all.
   */
  bindings(
    guildId: string,
    licenseId: number,
    limit: number,
  ): Promise<{ readonly bindings: readonly Slot[]; readonly counts: Readonly<Record<BindingKind, number>> }>;
  /**
   * The licenses whose key has the same folded form as this text (`foldKey`), deleted ones included, oldest first, at
   * most `maxFoldedKeys`. null as the guild: those of all guilds.
   */
  licensesByFoldedKey(guildId: string | null, text: string): Promise<readonly License[]>;
  /** The owner's licenses in all guilds that are not deleted, newest first. */
  licensesOf(ownerId: string): Promise<readonly License[]>;
  /** The license with this id as `licensesOf` has it, in whichever guild. null: it is deleted, or not this owner's. */
  licenseOf(ownerId: string, licenseId: number): Promise<License | null>;
  /** The licenses in all guilds that are shared with the user and not deleted, newest first. */
  licensesHelpedBy(userId: string): Promise<readonly License[]>;
}
