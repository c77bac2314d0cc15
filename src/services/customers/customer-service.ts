import type { MetadataChange } from '../../domain/values/metadata.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Customer } from '../../domain/customers/customer.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import type { Result } from '../../domain/values/result.ts';
import type { CustomerQuery } from '../../storage/port/customers.ts';
import type { Page } from '../../storage/port/page.ts';
import type { By, ByKeyReader } from '../context.ts';

/** A Discord user as the Lukittu clients of a guild know them: by a UUID. */
export interface UserUuid {
  readonly userId: string;
  readonly uuid: string;
}

/** A customer with the name of their Discord user; null: none, or one whose name was never seen. */
export interface CustomerRow {
  readonly customer: Customer;
  readonly user: KnownUser | null;
}

/** A customer with what is known besides the record. */
interface CustomerView {
  readonly customer: Customer;
  /** How many licenses the customer has that are not deleted. */
  readonly licenses: number;
}

/** What staff can set. Left out: it stays as it is. null: it is taken away. */
export interface CustomerFields {
  /** A Discord user id or mention. */
  readonly discordId?: string | null | undefined;
  readonly uuid?: string | undefined;
  readonly email?: string | null | undefined;
  readonly username?: string | null | undefined;
  readonly fullName?: string | null | undefined;
  /** Each as `system:id`. */
  readonly addIdentities?: readonly string[] | undefined;
  readonly removeIdentities?: readonly string[] | undefined;
  readonly metadata?: MetadataChange | undefined;
}

export interface CustomerChanged {
  readonly customer: Customer;
  readonly effectIds: readonly number[];
}

export interface CustomersMerged extends CustomerChanged {
  /** The record that was merged, as it was before. */
  readonly from: Customer;
}

export interface CustomerService {
  /** The customer with this Discord id or mention, who need not have a record. Fails with invalid-id. */
  find(guildId: string, userId: string): Promise<Result<UserUuid, CommandError>>;
  /**
   * Sets a customer's UUID, for example one from another license system; null restores the UUID that is derived from
   * their Discord id. Fails with invalid-id, customer-id-taken or guild-not-found.
   */
  setUuid(
    input: By & { readonly userId: string; readonly uuid: string | null },
  ): Promise<Result<UserUuid, CommandError>>;
  /**
   * The customer that a text means: the number of a record, a UUID, a Discord id or mention, `system:id` or an e-mail
   * address. Fails with customer-not-found or customer-ambiguous: several have this address.
   */
  resolve(guildId: string, text: string): Promise<Result<Customer, CommandError>>;
  /** All customers that a text means, as `resolve` reads it. */
  findAll(guildId: string, text: string): Promise<readonly Customer[]>;
  /** As `findAll`, and then those with the text as a part of a name, at most `limit`. */
  search(guildId: string, text: string, limit: number): Promise<readonly CustomerRow[]>;
  /** Newest first. */
  list(guildId: string, query: CustomerQuery, page: Page): Promise<readonly Customer[]>;
  /** Fails with customer-not-found. */
  view(guildId: string, customerId: number): Promise<Result<CustomerView, CommandError>>;
  /**
   * A customer's e-mail address in clear, which is recorded as an audit event; null: none is known. Fails with
   * reveal-required or customer-not-found.
   */
  revealEmail(
    input: ByKeyReader & { readonly customerId: number },
  ): Promise<Result<{ readonly email: string | null }, CommandError>>;
  /**
   * Adds a customer. Fails with invalid-id, email-invalid, identity-invalid, too-many-identities, text-too-long,
   * customer-taken, reveal-required or guild-not-found.
   */
  add(input: ByKeyReader & CustomerFields): Promise<Result<CustomerChanged, CommandError>>;
  /**
   * Changes a customer; licenses follow to another Discord user, whose roles are corrected. Fails as `add`, and with
   * customer-not-found, identity-not-found or nothing-to-change. Whoever becomes the owner of licenses sees their keys,
   * which takes the right to see whole keys.
   */
  edit(
    input: ByKeyReader & CustomerFields & { readonly customerId: number },
  ): Promise<Result<CustomerChanged, CommandError>>;
  /**
   * Merges the record `from` into `into`, with its licenses. Fails with customer-not-found, customer-itself or
   * reveal-required.
   */
  merge(
    input: ByKeyReader & { readonly from: number; readonly into: number },
  ): Promise<Result<CustomersMerged, CommandError>>;
  /** Undoes the merge of this record. Fails with undo-too-late: it was undone, or what it had was given away since. */
  undoMerge(input: By & { readonly customerId: number }): Promise<Result<CustomersMerged, CommandError>>;
}
