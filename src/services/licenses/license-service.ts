import type { Hold, HoldKind } from '../../domain/hold.ts';
import type { License } from '../../domain/license.ts';
import type { LicenseProducts } from '../../domain/license-products.ts';
import type { BindingKind } from '../../domain/limits.ts';
import type { PointsChange } from '../../domain/points.ts';
import type { Product } from '../../domain/product.ts';
import type { FeatureChange } from '../../domain/values/features.ts';
import type { MetadataChange } from '../../domain/values/metadata.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { UndoableStep } from '../../domain/undoable-steps.ts';
import type { Result } from '../../domain/values/result.ts';
import type { LicenseQuery } from '../../storage/port/licenses.ts';
import type { Page } from '../../storage/port/page.ts';
import type { By, ByKeyReader, ByStaff } from '../context.ts';
import type { DenyingEntry, LicenseCard, LicenseRow, LicenseView } from './license-view.ts';

/** Limits by kind, as people type them: a number, `unlimited`, or `inherit` (the product's). */
export type LimitTexts = Readonly<Partial<Record<BindingKind, string>>>;

export interface IssueInput extends ByStaff {
  /** Id, UUID, name or alias; null: the only product there is. */
  readonly product: string | null;
  /** Further products, each by id, UUID, name or alias. */
  readonly furtherProducts?: readonly string[] | undefined;
  readonly allProducts?: boolean | undefined;
  /** 1 to 100,000; 1 if left out. */
  readonly amount?: number | undefined;
  /** A supplied key, with an amount of 1. */
  readonly key?: string | undefined;
  /** Takes the supplied key over from a deleted license, which gets a new one. Otherwise such a key is taken. */
  readonly takesOverDeletedKey?: boolean | undefined;
  readonly ownerId?: string | null | undefined;
  /** The customer whose license it becomes, where no owner is given. Without a Discord user it is unclaimed. */
  readonly customerId?: number | undefined;
  /** `never`, a date, `30d`, `30d@activation`; or an instant, which may have passed. Left out: the product's term. */
  readonly expires?: string | Date | undefined;
  readonly limits?: LimitTexts | undefined;
  /** Texts: a duration (`30d`, `90m`), `never`, or `inherit` (default). */
  readonly forgetAfter?: LimitTexts | undefined;
  readonly scope?: string | null | undefined;
  /** Left out: none are counted. */
  readonly points?: PointsChange | undefined;
  /** Suspended from the start. */
  readonly suspended?: boolean | undefined;
  /** Switched off from the start, as its owner can. */
  readonly switchedOff?: boolean | undefined;
  readonly staff?: boolean | undefined;
  /** Whether the actor has Manage Server or uses the command line: no daily limit, and staff licenses are allowed. */
  readonly mayManage: boolean;
  readonly name?: string | null | undefined;
  readonly note?: string | null | undefined;
  readonly order?: string | null | undefined;
  readonly features?: FeatureChange | undefined;
  readonly metadata?: MetadataChange | undefined;
  /** What licenses are issued for once in the guild and for ever. Fails with trial-used where some were. */
  readonly claim?: string | undefined;
  /** The actor has confirmed that the order gets another license of the product. */
  readonly confirmed?: boolean | undefined;
}

export interface Issued {
  readonly issued: readonly { readonly license: License; readonly key: string }[];
  readonly product: Product;
  readonly furtherProducts: readonly Product[];
  /** Set where a later commit failed and not all licenses were made: why, as an error message. */
  readonly cutShort?: string;
  readonly effectIds: readonly number[];
}

/** What every change of a license returns. */
export interface LicenseChanged extends LicenseProducts {
  readonly effectIds: readonly number[];
}

export interface EditInput extends ByStaff {
  readonly licenseId: number;
  readonly mayManage: boolean;
  /** A product that takes the place of the main one. */
  readonly product?: string | undefined;
  /** Products that are taken out of the further ones, and then such that are added to them. */
  readonly removeProducts?: readonly string[] | undefined;
  readonly addProducts?: readonly string[] | undefined;
  readonly allProducts?: boolean | undefined;
  /** As `IssueInput.expires`; durations count from the license's creation or first grant. */
  readonly expires?: string | Date | undefined;
  readonly limits?: LimitTexts | undefined;
  /** Texts: a duration (`30d`, `90m`), `never`, or `inherit`. */
  readonly forgetAfter?: LimitTexts | undefined;
  readonly scope?: string | null | undefined;
  readonly points?: PointsChange | undefined;
  /**
   * For systems that know one suspension. True: sets the hold of the staff where the license has no hold. False: lifts
   * the hold of the staff, and no other.
   */
  readonly suspended?: boolean | undefined;
  /** Holds to set in the same commit, with `reason`. Those that the license has stay as they are. */
  readonly hold?: readonly HoldKind[] | undefined;
  /** Holds to lift in the same commit. */
  readonly lift?: readonly HoldKind[] | undefined;
  /** A new key in the same commit. Fails with key-invalid or key-taken. */
  readonly key?: string | undefined;
  /** As in `IssueInput`. */
  readonly takesOverDeletedKey?: boolean | undefined;
  readonly staff?: boolean | undefined;
  readonly name?: string | null | undefined;
  readonly note?: string | null | undefined;
  readonly order?: string | null | undefined;
  readonly features?: FeatureChange | undefined;
  readonly metadata?: MetadataChange | undefined;
}

export interface Edited extends LicenseChanged {
  /** The license and its products as they were before the edit. */
  readonly before: LicenseProducts;
  /** Kinds that were unlimited and are limited now: their slots start empty and fill by use. */
  readonly newlyLimited: readonly BindingKind[];
  /** Kinds whose limit has become 0: no client passes. */
  readonly newlyZero: readonly BindingKind[];
}

export interface Reassigned extends LicenseChanged {
  readonly previousOwnerId: string | null;
  /** Those whom the previous owner shared the license with: it is shared with nobody now. */
  readonly previousHelperIds: readonly string[];
  /** The previous owner still knows the key, so staff should be offered a new one. */
  readonly previousOwnerKnowsKey: boolean;
  /** null: the license kept its key. */
  readonly newKey: string | null;
  readonly machinesKept: boolean;
}

export interface ResetDone extends LicenseChanged {
  /** How many bindings were released. */
  readonly released: Readonly<Record<BindingKind, number>>;
  /** When the reset happened; `undoReset` takes it. */
  readonly at: Date;
}

/** Which bindings a reset releases: all, those of one kind, or one value. */
export type ResetTarget = 'all' | BindingKind | { readonly kind: BindingKind; readonly value: string };

/** A license by its id or key. `ignoresCase`: where no license has exactly the key, one that has it but for letter case. */
export type LicenseRowRef = { readonly id: number } | { readonly key: string; readonly ignoresCase?: true };

export interface FoundLicenses {
  readonly rows: readonly LicenseRow[];
  readonly by: 'key' | 'id' | 'suffix' | 'order' | 'ip' | 'hwid' | 'mac' | 'owner' | 'customer' | 'text' | null;
}

type Change<I> = (input: I) => Promise<Result<LicenseChanged, CommandError>>;
interface OneLicense extends ByStaff {
  readonly licenseId: number;
}

export interface LicenseService {
  /**
   * Makes licenses: up to 250 all or none, more in smaller commits. Fails with product-not-found, product-required,
   * product-twice, too-many-products, invalid-id, invalid-expiry, invalid-limit, invalid-points, invalid-features,
   * invalid-metadata, trial-used, key-taken, key-invalid, amount-invalid, staff-needs-manage-server, duplicate-order,
   * daily-limit.
   */
  issue(input: IssueInput): Promise<Result<Issued, CommandError>>;
  /** Fails with nothing-to-change, product-not-of-license, product-is-main and the errors of `issue`. */
  edit(input: EditInput): Promise<Result<Edited, CommandError>>;
  /** Extends from the license's end, or from now if that has passed. Fails with invalid-expiry. */
  extend(input: OneLicense & { readonly term: string }): Promise<Result<LicenseChanged, CommandError>>;
  /** Sets a hold, by default that of the staff. Fails with already-suspended where the license has it. */
  suspend: Change<OneLicense & { readonly hold?: HoldKind | undefined }>;
  /**
   * Lifts a hold, by default that of the staff, and returns it. The license stays suspended while it has others. Fails
   * with not-suspended, which names those, and with `setAt` with undo-too-late where the hold is not that instant's.
   */
  resume(
    input: OneLicense & { readonly hold?: HoldKind | undefined; readonly setAt?: Date | undefined },
  ): Promise<Result<LicenseChanged & { readonly lifted: Hold }, CommandError>>;
  /** Sets a hold that was lifted exactly as it was. Fails with already-suspended where the license has its kind again. */
  restoreHold: Change<OneLicense & { readonly hold: Hold }>;
  /** Moves the owner's switch, for staff and the command line. Fails with already-switched. */
  switch(input: OneLicense & { readonly on: boolean }): Promise<Result<LicenseChanged, CommandError>>;
  /**
   * Releases bindings and clears the owner's cooldown. The owner is notified only of machines that were released. Fails
   * with binding-not-found.
   */
  reset(input: OneLicense & { readonly what: ResetTarget }): Promise<Result<ResetDone, CommandError>>;
  /**
   * Binds again what `reset` released at that instant, within 15 minutes. Give it `silent` as the reset had it, so that
   * who was notified of the reset hears of its undo. Fails with undo-too-late.
   */
  undoReset(input: OneLicense & { readonly at: Date }): Promise<Result<LicenseChanged, CommandError>>;
  /**
   * Gives the license to another owner; null makes it unclaimed. Fails with already-owner, nothing-to-change,
   * invalid-id, changed-since where it is not `previousOwnerId`'s any more, and reveal-required where the actor would
   * make it their own and with it see its key.
   */
  reassign(
    input: OneLicense &
      ByKeyReader & {
        readonly ownerId: string | null;
        /** Left out: whoever the owner is. */
        readonly previousOwnerId?: string | null | undefined;
        readonly keepMachines?: boolean | undefined;
        readonly newKey?: boolean | undefined;
      },
  ): Promise<Result<Reassigned, CommandError>>;
  /**
   * Shares the license with a user, who gets its roles and sees it in their list. Fails with invalid-id, sharing-off,
   * helpers-full, already-helper, helper-is-owner, helper-blacklisted, owner-required, and reveal-required where the
   * actor would share it with themselves and with it see its key.
   */
  share(input: OneLicense & ByKeyReader & { readonly helperId: string }): Promise<Result<LicenseChanged, CommandError>>;
  /** Ends that. Fails with invalid-id or not-helper. */
  unshare(input: OneLicense & { readonly helperId: string }): Promise<Result<LicenseChanged, CommandError>>;
  /**
   * Replaces the key by a new one or by `key`; the machines stay. Fails with key-invalid, key-taken, nothing-to-change,
   * and reveal-required where the actor, who is not the owner, would know the key: `key` is theirs, or the license is
   * unclaimed.
   */
  rekey(
    input: OneLicense & ByKeyReader & { readonly key?: string | undefined },
  ): Promise<Result<LicenseChanged & { readonly key: string }, CommandError>>;
  /** Sends the key to the owner again. Fails with owner-required. */
  resend: Change<OneLicense>;
  /** The whole key, for staff and the command line. Records an audit event. */
  reveal(
    input: By & { readonly licenseId: number },
  ): Promise<Result<{ readonly license: License; readonly key: string }, CommandError>>;
  /**
   * Records one audit event for these licenses, and then lets their keys be read one by one. null: none of them has the
   * id, or no license of the guild.
   */
  revealAll(
    input: By & { readonly licenseIds: readonly number[] },
  ): Promise<(licenseId: number) => Promise<string | null>>;
  /** Deletes the license; it can be restored for 30 days. */
  delete: Change<OneLicense>;
  /** Fails with license-not-deleted or product-deleted, and after 30 days with license-not-found. */
  restore: Change<OneLicense>;

  /**
   * The steps of the license's history that can be undone now, newest first: no later step has changed the same. Only its
   * newest 50 events are looked at. Empty where there is no such license.
   */
  undoableSteps(guildId: string, licenseId: number): Promise<readonly UndoableStep[]>;
  /**
   * Undoes one of `undoableSteps` by its event's id, and records that as a change of its own. The caller asks for
   * `permissionToUndo`. Fails with changed-since, with staff-needs-manage-server or product-deleted where the license
   * cannot have its old values, and with reveal-required as `reassign` does.
   */
  undoStep(
    input: OneLicense & ByKeyReader & { readonly stepId: number; readonly mayManage: boolean },
  ): Promise<Result<LicenseChanged, CommandError>>;

  /**
   * The one license that a typed text means: an id (digits only), `key:TEXT`, a key as `findByTypedKey` understands it,
   * a UUID, or a key suffix that only one license has. Deleted licenses are found by id, UUID and key. Fails with license-not-found,
   * license-ambiguous or key-near-miss.
   */
  resolve(guildId: string, text: string): Promise<Result<License, CommandError>>;
  /** The one license of an order that is not deleted. Fails with license-not-found or license-ambiguous. */
  resolveOrder(guildId: string, order: string): Promise<Result<License, CommandError>>;
  /** The license with this id or key. Fails with license-not-found, also for deleted licenses. */
  row(guildId: string, ref: LicenseRowRef): Promise<Result<LicenseRow, CommandError>>;
  view(guildId: string, licenseId: number): Promise<Result<LicenseView, CommandError>>;
  card(guildId: string, licenseId: number): Promise<Result<LicenseCard, CommandError>>;
  /** `lastActiveAt` of the license's view; null where there is no such license. */
  lastActiveAt(guildId: string, licenseId: number): Promise<Date | null>;
  /** `deniedBy` of the license's card; empty where there is no such license. */
  deniedBy(guildId: string, licenseId: number): Promise<readonly DenyingEntry[]>;
  list(guildId: string, query: LicenseQuery, page: Page): Promise<readonly LicenseRow[]>;
  count(guildId: string, query: LicenseQuery): Promise<number>;
  /** The id at a position of the list, 1 being the newest, so that a page can begin after it. null: the list is shorter. */
  idAt(guildId: string, query: LicenseQuery, position: number): Promise<number | null>;
  /**
   * Finds licenses by any typed text: key, key suffix, id, UUID, order, IP, HWID, MAC, owner (id or mention), part of name or
   * note.
   */
  find(guildId: string, text: string, limit: number): Promise<FoundLicenses>;
}
