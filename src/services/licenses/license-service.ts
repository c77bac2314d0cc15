import type { License } from '../../domain/license.ts';
import type { BindingKind } from '../../domain/limits.ts';
import type { PointsChange } from '../../domain/points.ts';
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Result } from '../../domain/result.ts';
import type { LicenseQuery, LicenseRef } from '../../storage/port/licenses.ts';
import type { Page } from '../../storage/port/page.ts';
import type { By, ByStaff } from '../context.ts';
import type { LicenseCard, LicenseRow, LicenseView } from './license-view.ts';

/** Texts as people type them: a number, `unlimited`, or `inherit` (the product's). */
export type LimitTexts = Readonly<Partial<Record<BindingKind, string>>>;

export interface IssueInput extends ByStaff {
  /** Id, UUID, name or alias; null: the only product there is. */
  readonly product: string | null;
  /** 1 to 100,000; default 1. */
  readonly amount?: number | undefined;
  /** A supplied key, with an amount of 1. */
  readonly key?: string | undefined;
  readonly ownerId?: string | null | undefined;
  /** `never` (default), a date, `30d`, `30d@activation`; or an instant, which may have passed. */
  readonly expires?: string | Date | undefined;
  readonly limits?: LimitTexts | undefined;
  /** Texts: a duration (`30d`, `90m`), `never`, or `inherit` (default). */
  readonly forgetAfter?: LimitTexts | undefined;
  readonly scope?: string | null | undefined;
  /** Left out: none are counted. */
  readonly points?: PointsChange | undefined;
  /** Suspended from the start. */
  readonly suspended?: boolean | undefined;
  readonly staff?: boolean | undefined;
  /** Whether the actor has Manage Server or sits at the command line: no daily limit, staff licenses. */
  readonly mayManage: boolean;
  readonly name?: string | null | undefined;
  readonly note?: string | null | undefined;
  readonly order?: string | null | undefined;
  /** The actor was asked about the same order and product already. */
  readonly confirmed?: boolean | undefined;
}

export interface Issued {
  readonly issued: readonly { readonly license: License; readonly key: string }[];
  readonly product: Product;
  /** Why not all were made, of more than one commit makes. */
  readonly cutShort?: string;
  readonly effectIds: readonly number[];
}

/** What every change of a license answers. */
export interface LicenseChanged {
  readonly license: License;
  readonly product: Product;
  readonly effectIds: readonly number[];
}

export interface EditInput extends ByStaff {
  readonly licenseId: number;
  readonly mayManage: boolean;
  readonly product?: string | undefined;
  /** As `IssueInput.expires`; durations count from the license's creation or first grant. */
  readonly expires?: string | Date | undefined;
  readonly limits?: LimitTexts | undefined;
  /** Texts: a duration (`30d`, `90m`), `never`, or `inherit`. */
  readonly forgetAfter?: LimitTexts | undefined;
  readonly scope?: string | null | undefined;
  readonly points?: PointsChange | undefined;
  /** Suspends or resumes it in the same step; as it is already, nothing. */
  readonly suspended?: boolean | undefined;
  /** A new key in the same step. Refuses: key-invalid, key-taken. */
  readonly key?: string | undefined;
  readonly staff?: boolean | undefined;
  readonly name?: string | null | undefined;
  readonly note?: string | null | undefined;
  readonly order?: string | null | undefined;
}

export interface Edited extends LicenseChanged {
  /** The license and its product as they were; `license` and `product` are as they are now. */
  readonly before: { readonly license: License; readonly product: Product };
  /** Kinds that were unlimited and are limited now: their slots fill anew by use. */
  readonly newlyLimited: readonly BindingKind[];
  /** Kinds whose limit is 0 now: nobody gets in. */
  readonly shutOut: readonly BindingKind[];
}

export interface Reassigned extends LicenseChanged {
  readonly previousOwnerId: string | null;
  /** The previous owner knows the key: offer a new one. */
  readonly previousOwnerKnowsKey: boolean;
  /** Only with a new key. */
  readonly newKey: string | null;
  readonly machinesKept: boolean;
}

export interface ResetDone extends LicenseChanged {
  /** How many were forgotten. */
  readonly released: Readonly<Record<BindingKind, number>>;
  /** Give it to `undoReset`. */
  readonly at: Date;
}

/** `all`, one kind, or one value of a kind. */
export type ResetWhat = 'all' | BindingKind | { readonly kind: BindingKind; readonly value: string };

export interface FoundLicenses {
  readonly rows: readonly LicenseRow[];
  readonly by: 'key' | 'id' | 'suffix' | 'order' | 'ip' | 'hwid' | 'mac' | 'owner' | 'text' | null;
}

type Change<I> = (input: I) => Promise<Result<LicenseChanged, CommandError>>;
interface OneLicense extends ByStaff {
  readonly licenseId: number;
}

export interface LicenseService {
  /**
   * Makes licenses, all or none up to 250. Refuses: product-not-found, product-required, invalid-id, invalid-expiry,
   * invalid-limit, invalid-points, key-taken, key-invalid, amount-invalid, staff-needs-manage-server, duplicate-order, daily-limit.
   */
  issue(input: IssueInput): Promise<Result<Issued, CommandError>>;
  /** Refuses: nothing-to-change and what `issue` refuses. */
  edit(input: EditInput): Promise<Result<Edited, CommandError>>;
  /** From its end, or from now if that has passed. Refuses: invalid-expiry. */
  extend(input: OneLicense & { readonly term: string }): Promise<Result<LicenseChanged, CommandError>>;
  /** Refuses: already-suspended. */
  suspend: Change<OneLicense>;
  /** Refuses: not-suspended. */
  resume: Change<OneLicense>;
  /** The owner's switch, by staff or the command line. Refuses: already-switched. */
  switch(input: OneLicense & { readonly on: boolean }): Promise<Result<LicenseChanged, CommandError>>;
  /** Forgets machines and clears the buyer's cooldown. */
  reset(input: OneLicense & { readonly what: ResetWhat }): Promise<Result<ResetDone, CommandError>>;
  /** What `reset` forgot at that instant counts again, for 15 minutes. Refuses: undo-too-late. */
  undoReset(input: OneLicense & { readonly at: Date }): Promise<Result<LicenseChanged, CommandError>>;
  /** null: unclaimed. Refuses: already-owner. */
  reassign(
    input: OneLicense & {
      readonly ownerId: string | null;
      readonly keepMachines?: boolean | undefined;
      readonly newKey?: boolean | undefined;
    },
  ): Promise<Result<Reassigned, CommandError>>;
  /** A new key (or this one), machines kept. */
  rekey(
    input: OneLicense & { readonly key?: string | undefined },
  ): Promise<Result<LicenseChanged & { readonly key: string }, CommandError>>;
  /** Sends its key to its owner again. Refuses: owner-required. */
  resend: Change<OneLicense>;
  /** The key, for staff or the command line: an audit event. */
  reveal(
    input: By & { readonly licenseId: number },
  ): Promise<Result<{ readonly license: License; readonly key: string }, CommandError>>;
  /** The keys of these licenses by id, in one audit event; what is no license here is left out. */
  revealAll(input: By & { readonly licenseIds: readonly number[] }): Promise<ReadonlyMap<number, string>>;
  /** Restorable for 30 days. */
  delete: Change<OneLicense>;
  /** Refuses: license-not-deleted, product-deleted; after 30 days license-not-found. */
  restore: Change<OneLicense>;

  /**
   * The one license that a typed text means: an id (digits only), `key:TEXT`, a key, or a last group that only one
   * license has. Deleted ones are found by id and key. Refuses: license-not-found, license-ambiguous.
   */
  resolve(guildId: string, text: string): Promise<Result<License, CommandError>>;
  /** By id or by key, exactly. Refuses: license-not-found, of deleted ones too. */
  row(guildId: string, ref: LicenseRef): Promise<Result<LicenseRow, CommandError>>;
  view(guildId: string, licenseId: number): Promise<Result<LicenseView, CommandError>>;
  card(guildId: string, licenseId: number): Promise<Result<LicenseCard, CommandError>>;
  list(guildId: string, query: LicenseQuery, page: Page): Promise<readonly LicenseRow[]>;
  count(guildId: string, query: LicenseQuery): Promise<number>;
  /** Anything typed: key, last group, id, order, IP, HWID, MAC, owner (id or mention), part of name or note. */
  find(guildId: string, text: string, limit: number): Promise<FoundLicenses>;
}
