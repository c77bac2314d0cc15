import type { SqliteStore } from './connection.ts';

/** Inside `write`. Callers have found the guild before, so this throws only if it was removed since. */
export function requireGuild(store: SqliteStore, guildId: string): void {
  if (!store.statement('SELECT 1 FROM guilds WHERE id = ?').get(guildId)) throw new Error(`No guild ${guildId}.`);
}

/**
 * Inside `write`. Throws unless the product is one of the guild: a license is always for a product of its own guild.
 */
export function requireProduct(store: SqliteStore, guildId: string, productId: number): void {
  const product = store.statement('SELECT 1 FROM products WHERE id = ? AND guild_id = ?').get(productId, guildId);
  if (!product) throw new Error(`No product ${productId} in guild ${guildId}.`);
}
