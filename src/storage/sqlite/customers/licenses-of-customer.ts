import { setImmediate as pause } from 'node:timers/promises';
import type { StoredCustomer } from '../../customers/stored-customer.ts';
import type { SqliteStore } from '../connection.ts';
import { rowsPerStep } from '../steps.ts';
import { readCustomer } from './rows.ts';

/**
 * The licenses of a customer hold the customer's Discord user, so that a check reads one row. A change of the customer
 * moves the first of them in its own transaction, and the others in later ones: 500 licenses hold the lock for some
 * milliseconds. `customers.unsettled` says that some are left, for the next process if this one dies.
 */

type Rows = Pick<SqliteStore, 'statement' | 'now'>;

/** Inside `write`: the licenses of this record belong to another Discord user or record from now on. */
export function beginSettling(store: SqliteStore, guildId: string, customerId: number): void {
  settleStep(store, guildId, customerId);
}

/** Moves what `beginSettling` has left. */
export async function finishSettling(store: SqliteStore, guildId: string, customerId: number): Promise<void> {
  while (await store.read(() => isUnsettled(store, customerId))) {
    await store.write(() => {
      settleStep(store, guildId, customerId);
    });
    await pause();
  }
}

/** Finishes what processes that died have left; when the store is opened. */
export async function settleAll(store: SqliteStore): Promise<void> {
  while (await store.read(() => findUnsettled(store))) {
    await store.write(() => settleNext(store));
    await pause();
  }
}

/** Inside a transaction: one step of what processes that died have left. Returns how many records had some left. */
export function settleNext(store: Rows): number {
  const found = findUnsettled(store);
  if (!found) return 0;
  settleStep(store, found.guild_id as string, found.id as number);
  return 1;
}

function findUnsettled(store: Rows) {
  return store.statement('SELECT id, guild_id FROM customers WHERE unsettled = 1 LIMIT 1').get();
}

function isUnsettled(store: SqliteStore, customerId: number): boolean {
  return store.statement('SELECT 1 FROM customers WHERE id = ? AND unsettled = 1').get(customerId) !== undefined;
}

function settleStep(store: Rows, guildId: string, customerId: number): void {
  const customer = readCustomer(store, guildId, customerId);
  if (!customer) return;
  const moved = customer.retired !== 0 ? giveLicenses(store, customer) : takeLicenses(store, customer);
  store.statement('UPDATE customers SET unsettled = ? WHERE id = ?').run(Number(moved === rowsPerStep), customerId);
}

/** A merged record: its licenses go to the one that it was merged into, and are remembered for an undo. */
function giveLicenses(store: Rows, from: StoredCustomer): number {
  const into = from.mergedInto === null ? null : currentRecord(store, from.guildId, from.mergedInto);
  if (!into) return 0;
  const ids = idsOf(store, 'customer_id = ?', from.id);
  moveLicenses(store, ids, into);
  store
    .statement('UPDATE customers SET moved_licenses = ? WHERE id = ?')
    .run(JSON.stringify([...from.movedLicenseIds, ...ids]), from.id);
  return ids.length;
}

/** A record that counts: licenses come back to it after an undo, and have its Discord user. */
function takeLicenses(store: Rows, customer: StoredCustomer): number {
  const returning = customer.movedLicenseIds.slice(0, rowsPerStep);
  if (returning.length > 0) {
    const others = customer.movedLicenseIds.slice(rowsPerStep);
    const belongs = store.statement('SELECT 1 FROM licenses WHERE id = ? AND customer_id = ?');
    moveLicenses(
      store,
      returning.filter((id) => belongs.get(id, customer.mergedInto ?? 0)),
      customer,
    );
    store
      .statement('UPDATE customers SET moved_licenses = ?, merged_into = ? WHERE id = ?')
      .run(...(others.length > 0 ? [JSON.stringify(others), customer.mergedInto] : [null, null]), customer.id);
    return rowsPerStep;
  }
  const ids = idsOf(store, 'customer_id = ? AND owner_id IS NOT ?', customer.id, customer.discordId);
  moveLicenses(store, ids, customer);
  return ids.length;
}

function idsOf(store: Rows, condition: string, ...params: readonly (string | number | null)[]) {
  const sql = `SELECT id FROM licenses WHERE ${condition} LIMIT ${rowsPerStep}`;
  return store
    .statement(sql)
    .all(...params)
    .map(({ id }) => id as number);
}

function moveLicenses(store: Rows, ids: readonly number[], { id, discordId }: StoredCustomer): void {
  const move = store.statement(
    'UPDATE licenses SET customer_id = ?, owner_id = ?, updated_at = ?, revision = revision + 1 WHERE id = ?',
  );
  for (const licenseId of ids) move.run(id, discordId, store.now().getTime(), licenseId);
}

/** The record that counts: this one, or the one that it was merged into, perhaps by way of others. */
export function currentRecord(
  store: Pick<SqliteStore, 'statement'>,
  guildId: string,
  customerId: number,
): StoredCustomer | null {
  const found = readCustomer(store, guildId, customerId);
  if (!found || found.retired === 0 || found.mergedInto === null) return found;
  return currentRecord(store, guildId, found.mergedInto);
}
