import type { MongoStore } from './connection.ts';

/**
 * Throws when the guild does not exist. Callers have read it before, so this happens only when it was removed since.
 */
export async function requireGuild({ models }: MongoStore, guildId: string): Promise<void> {
  if (!(await models.guilds.exists({ _id: guildId, gone: false }))) throw new Error(`No guild ${guildId}.`);
}

/** Throws when the product is not one of the guild: a license must not name a product of another guild. */
export async function requireProduct({ models }: MongoStore, guildId: string, productId: number): Promise<void> {
  const product = await models.products.exists({ _id: productId, guildId, gone: false });
  if (!product) throw new Error(`No product ${productId} in guild ${guildId}.`);
}
