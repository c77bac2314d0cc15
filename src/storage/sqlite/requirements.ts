import type { SqliteStore } from './connection.ts';

/** Inside `write`. Whoever asks found the guild before: only its removal in between makes this throw. */
export function requireGuild(store: SqliteStore, guildId: string): void {
  if (!store.statement('SELECT 1 FROM guilds WHERE id = ?').get(guildId)) throw new Error(`No guild ${guildId}.`);
}

/** Inside `write`. A license runs a product of its own guild, whatever id the caller holds. */
export function requireProduct(store: SqliteStore, guildId: string, productId: number): void {
  const product = store.statement('SELECT 1 FROM products WHERE id = ? AND guild_id = ?').get(productId, guildId);
  if (!product) throw new Error(`No product ${productId} in guild ${guildId}.`);
}
