import type { Customers } from '../port/customers.ts';
import type { SqliteStore } from './connection.ts';
import { requireGuild } from './requirements.ts';
import { recordTrail } from './trail.ts';

export function createCustomers(store: SqliteStore): Customers {
  const { statement, vault } = store;

  return {
    customerId: (guildId, userId) =>
      store.read(() => {
        const row = statement('SELECT uuid FROM customers WHERE guild_id = ? AND user_id = ?').get(guildId, userId);
        return row ? (row.uuid as string) : vault.customerId(guildId, userId);
      }),

    // Checks read this table, not the bundle cache, so the bundle version is not raised.
    setCustomerId: (guildId, userId, uuid, trail) =>
      store.write(() => {
        requireGuild(store, guildId);
        if (uuid === null) {
          statement('DELETE FROM customers WHERE guild_id = ? AND user_id = ?').run(guildId, userId);
          return { customerId: vault.customerId(guildId, userId), ...recordTrail(store, guildId, trail) };
        }
        const holder = statement('SELECT user_id FROM customers WHERE guild_id = ? AND uuid = ?').get(guildId, uuid);
        if (holder && holder.user_id !== userId) return { taken: true as const };
        statement(
          `INSERT INTO customers (guild_id, user_id, uuid) VALUES (?, ?, ?)
           ON CONFLICT (guild_id, user_id) DO UPDATE SET uuid = excluded.uuid`,
        ).run(guildId, userId, uuid);
        return { customerId: uuid, ...recordTrail(store, guildId, trail) };
      }),
  };
}
