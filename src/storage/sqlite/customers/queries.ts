import { foldEmail } from '../../../domain/customers/email.ts';
import { foldSearched } from '../../../domain/values/text.ts';
import { customerOf, openEmail } from '../../customers/stored-customer.ts';
import { type Customers, maxCustomersByEmail } from '../../port/customers.ts';
import type { Row } from '../columns.ts';
import type { SqliteStore } from '../connection.ts';
import { rowsPerWindow, scan } from '../steps.ts';
import { customerColumns } from './columns.ts';
import { findCustomer } from './rows.ts';

type Queries = Pick<Customers, 'customer' | 'customersByEmail' | 'customers' | 'customerEmail'>;

const columns = customerColumns.names.join(', ');

export function createCustomerQueries(store: SqliteStore): Queries {
  const { statement, vault } = store;
  const read = (row: Row) => customerOf(vault, customerColumns.fromRow(row));

  return {
    customer: (guildId, ref) =>
      store.read(() => {
        const found = findCustomer(store, guildId, ref);
        return found && customerOf(vault, found);
      }),

    customersByEmail: (guildId, address) =>
      store.read(() => {
        const hash = vault.emailHash(guildId, foldEmail(address)).toString('hex');
        const sql = `SELECT ${columns} FROM customers
          WHERE guild_id = ? AND email_hash = ? AND retired = 0 ORDER BY id LIMIT ${maxCustomersByEmail}`;
        return statement(sql).all(guildId, hash).map(read);
      }),

    customers: (guildId, { text, system }, { limit, beforeId }) => {
      const part = text === undefined ? null : foldSearched(text);
      // A window is of rows that are looked at, so that a search for a rare name never holds the event loop.
      const rows = `SELECT id FROM customers WHERE guild_id = ? AND id < ? ORDER BY id DESC LIMIT ${rowsPerWindow}`;
      const lowest = `SELECT min(id) AS id, count(*) AS count FROM (${rows})`;
      const sql = `SELECT ${columns} FROM customers WHERE guild_id = ?1 AND id < ?2 AND id >= ?3 AND retired = 0
        AND (?4 IS NULL OR instr(names_folded, ?4) > 0)
        AND (?5 IS NULL OR EXISTS (SELECT 1 FROM json_each(identities) WHERE json_extract(value, '$.system') = ?5))
        ORDER BY id DESC LIMIT ?6`;
      return scan(store, beforeId ?? Number.MAX_SAFE_INTEGER, limit, (before, wanted) => {
        const window = statement(lowest).get(guildId, before) as { readonly id: number | null; readonly count: number };
        if (window.id === null) return { found: [], next: null };
        const found = statement(sql)
          .all(guildId, before, window.id, part, system ?? null, wanted)
          .map(read);
        return { found, next: window.count < rowsPerWindow ? null : window.id };
      });
    },

    customerEmail: (guildId, id) =>
      store.read(() => {
        const found = findCustomer(store, guildId, { id });
        return found && openEmail(vault, found);
      }),
  };
}
