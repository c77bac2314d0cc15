import type { CustomerRef } from '../../../domain/customers/customer.ts';
import { emptyCustomer } from '../../customers/new-customer.ts';
import type { StoredCustomer } from '../../customers/stored-customer.ts';
import type { CustomerTaken } from '../../port/customers.ts';
import { insertSql } from '../columns.ts';
import type { SqliteStore } from '../connection.ts';
import { takeNumbers } from '../ids.ts';
import { customerColumns, writtenColumns, writtenValues } from './columns.ts';

const columns = customerColumns.names.join(', ');
const updateAll = `UPDATE customers SET ${writtenColumns.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;

/** Inside `read` or `write`. Also finds a record that was merged. */
export function readCustomer(
  store: Pick<SqliteStore, 'statement'>,
  guildId: string,
  id: number,
): StoredCustomer | null {
  const row = store.statement(`SELECT ${columns} FROM customers WHERE id = ? AND guild_id = ?`).get(id, guildId);
  return row ? customerColumns.fromRow(row) : null;
}

/** Inside `read` or `write`. */
export function findCustomer(store: SqliteStore, guildId: string, ref: CustomerRef): StoredCustomer | null {
  const find = (condition: string, ...params: readonly (string | number)[]) => {
    const sql = `SELECT ${columns} FROM customers WHERE guild_id = ? AND ${condition} AND retired = 0`;
    const row = store.statement(sql).get(guildId, ...params);
    return row ? customerColumns.fromRow(row) : null;
  };
  if ('id' in ref) return find('id = ?', ref.id);
  if ('uuid' in ref) return find('uuid = ?', ref.uuid);
  if ('discordId' in ref) return find('discord_id = ?', ref.discordId);
  const { system, id } = ref.identity;
  const holder = store
    .statement(
      'SELECT customer_id FROM customer_identities WHERE guild_id = ? AND system = ? AND user_id = ? AND retired = 0',
    )
    .get(guildId, system, id);
  return holder ? find('id = ?', holder.customer_id as number) : null;
}

/** Inside `write`: the record as a new row. */
export function insertCustomer(store: Pick<SqliteStore, 'statement'>, customer: StoredCustomer): void {
  store.statement(insertSql('customers', writtenColumns)).run(...writtenValues(customer));
  storeIdentities(store, customer);
}

/** Inside `write`: replaces the row. */
export function updateCustomer(store: SqliteStore, customer: StoredCustomer): void {
  store.statement(updateAll).run(...writtenValues(customer), customer.id);
  store.statement('DELETE FROM customer_identities WHERE customer_id = ?').run(customer.id);
  storeIdentities(store, customer);
}

function storeIdentities(
  store: Pick<SqliteStore, 'statement'>,
  { id, guildId, retired, identities }: StoredCustomer,
): void {
  const insert = store.statement(
    'INSERT INTO customer_identities (guild_id, system, user_id, retired, customer_id) VALUES (?, ?, ?, ?, ?)',
  );
  for (const identity of identities) insert.run(guildId, identity.system, identity.id, retired, id);
}

/** Inside `write`: what of this record another customer of the guild has. null: nothing. */
export function findTaken(
  store: SqliteStore,
  { id, guildId, uuid, discordId, identities }: StoredCustomer,
  others: readonly number[] = [],
): { readonly taken: CustomerTaken['taken']; readonly holder: StoredCustomer } | null {
  const holderOf = (ref: CustomerRef) => {
    const holder = findCustomer(store, guildId, ref);
    return holder === null || holder.id === id || others.includes(holder.id) ? null : holder;
  };
  const byUuid = holderOf({ uuid });
  if (byUuid) return { taken: 'uuid', holder: byUuid };
  const byDiscordId = discordId === null ? null : holderOf({ discordId });
  if (byDiscordId) return { taken: 'discord-id', holder: byDiscordId };
  for (const identity of identities) {
    const holder = holderOf({ identity });
    if (holder) return { taken: 'identity', holder };
  }
  return null;
}

/** Inside `write`: a record without anything but its Discord user, not stored yet. */
export function newRow(store: SqliteStore, guildId: string, discordId: string | null): StoredCustomer {
  const derived = discordId === null ? null : store.vault.customerId(guildId, discordId);
  const isTaken = derived !== null && findCustomer(store, guildId, { uuid: derived }) !== null;
  return emptyCustomer(store, { id: takeNumbers(store, 'customer', 1), guildId, discordId }, isTaken);
}

/** Inside `write`: the record of a Discord user, which is made if there is none. */
export function ensureRow(store: SqliteStore, guildId: string, discordId: string): StoredCustomer {
  const found = findCustomer(store, guildId, { discordId });
  if (found) return found;
  const customer = newRow(store, guildId, discordId);
  insertCustomer(store, customer);
  return customer;
}
