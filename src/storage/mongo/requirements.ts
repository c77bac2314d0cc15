import type { MongoStore } from './connection.ts';

/** Whoever asks found the guild before: only its removal in between makes this throw. */
export async function requireGuild({ models }: MongoStore, guildId: string): Promise<void> {
  if (!(await models.guilds.exists({ _id: guildId, gone: false }))) throw new Error(`No guild ${guildId}.`);
}

/** A license runs a product of its own guild, whatever id the caller holds. */
export async function requireProduct({ models }: MongoStore, guildId: string, productId: number): Promise<void> {
  const product = await models.products.exists({ _id: productId, guildId, gone: false });
  if (!product) throw new Error(`No product ${productId} in guild ${guildId}.`);
}
