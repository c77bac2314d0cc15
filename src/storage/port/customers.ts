import type { Customer, CustomerRef, IdentitySystem } from '../../domain/customers/customer.ts';
import type { Page } from './page.ts';
import type { Changed, Recorded, Trail } from './trail.ts';

/** A customer to be stored, with the e-mail address in clear; the store seals it. */
export interface NewCustomer extends Pick<Customer, 'discordId' | 'identities' | 'username' | 'fullName' | 'metadata'> {
  /** In lower case; null: one is generated. */
  readonly uuid: string | null;
  readonly email: string | null;
}

/** What another customer of the guild has already, and that customer. */
export interface CustomerTaken {
  readonly taken: 'uuid' | 'discord-id' | 'identity';
  readonly holder: Customer;
}

/** Which customers of a guild are listed: those that match every field that is there. */
export interface CustomerQuery {
  /** A part of the user name or full name, in any letter case. */
  readonly text?: string;
  /** Customers with an identity in this system. */
  readonly system?: IdentitySystem;
}

/** `next` may differ in everything but id, guild, masked address and instant of creation. */
interface CustomerChange<R> extends Changed<Customer, R> {
  /** The new e-mail address in clear; null: none any more. Left out: it stays. */
  readonly email?: string | null;
}

/** How many customers with one e-mail address are found at most. */
export const maxCustomersByEmail = 100;

/**
 * The customers of guilds. A license whose owner is set belongs to the record of that Discord user, which is made then
 * if there is none. What is unique (UUID, Discord user, identity) belongs to at most one customer of a guild.
 *
 * What changes the Discord user or UUID of a customer, and a merge and its undo, also concern the customer's licenses.
 * Checks that arrive after the call has resolved know it; while it runs, the licenses may follow in several commits. If
 * the process dies in between, they follow when a process opens the store.
 */
export interface Customers {
  /**
   * The UUID of a Discord user as a customer of this guild: that of their record, otherwise one derived from guild, user
   * and master key, which is always the same.
   */
  customerId(guildId: string, userId: string): Promise<string>;
  /**
   * Sets the UUID (in lower case) of a Discord user, whose record is made if there is none; with null the derived one
   * holds again. Returns the UUID that holds now. `taken`: another customer of the guild has this UUID, and nothing was
   * changed.
   */
  setCustomerId(
    guildId: string,
    userId: string,
    uuid: string | null,
    trail: Trail,
  ): Promise<({ readonly customerId: string } & Recorded) | { readonly taken: true }>;
  /** The record of a Discord user, which is made if there is none. Many calls at once make one. */
  ensureCustomer(guildId: string, discordId: string): Promise<Customer>;
  createCustomer(
    guildId: string,
    customer: NewCustomer,
    trail: (made: Customer) => Trail,
  ): Promise<({ readonly customer: Customer } & Recorded) | CustomerTaken>;
  /** null: the guild has no such customer. A record that was merged is not found by its id. */
  customer(guildId: string, ref: CustomerRef): Promise<Customer | null>;
  /**
   * The customers with this address, compared without letter case, oldest first, at most
   * `maxCustomersByEmail`.
   */
  customersByEmail(guildId: string, address: string): Promise<readonly Customer[]>;
  /** The guild's customers that match the query, newest first. */
  customers(guildId: string, query: CustomerQuery, page: Page): Promise<readonly Customer[]>;
  /** The address in clear, for a person whose look is audited. null: there is none, or no such customer. */
  customerEmail(guildId: string, customerId: number): Promise<string | null>;
  /**
   * Reads a customer, calls `change` and stores what it returns, atomically. null: the guild has no such customer.
   */
  changeCustomer<R>(
    guildId: string,
    customerId: number,
    change: (current: Customer, now: Date) => CustomerChange<R>,
  ): Promise<(R & Recorded) | CustomerTaken | null>;
  /**
   * Merges a record into another one: its licenses belong to the other customer from now on, and what the other one
   * lacks, it gets. Where both have a Discord user, e-mail address or name, the other one's stays. What was merged is
   * kept for an undo. null: the guild does not have both records, or they are one.
   */
  mergeCustomers(
    guildId: string,
    ids: { readonly from: number; readonly into: number },
    trail: (from: Customer, into: Customer) => Trail,
  ): Promise<({ readonly from: Customer; readonly customer: Customer } & Recorded) | null>;
  /**
   * Undoes the merge of this record: it counts again, with the licenses that it had and that still belong to the record
   * that it was merged into. What was changed since the merge stays. `taken`: another customer has what was its own by
   * now. null: there is no such merge, or the other record was merged as well since.
   */
  unmergeCustomer(
    guildId: string,
    customerId: number,
    trail: (restored: Customer, from: Customer) => Trail,
  ): Promise<({ readonly restored: Customer; readonly from: Customer } & Recorded) | { readonly taken: true } | null>;
}
