import type { Models } from '../database/models.ts';

export function customerDocumentId(guildId: string, userId: string): string {
  return `${guildId} ${userId}`;
}

/** The UUIDs that were supplied for these users of a guild, by user id. */
export async function readCustomerIds(
  { customers }: Models,
  guildId: string,
  userIds: readonly string[],
  options: { readonly maxTimeMS?: number } = {},
): Promise<ReadonlyMap<string, string | null>> {
  const ids = userIds.map((userId) => customerDocumentId(guildId, userId));
  const found = await customers.find({ _id: { $in: ids } }, null, options).lean();
  return new Map(found.map(({ userId, uuid }) => [userId, uuid]));
}

/** Copies the UUID that was supplied for a user into that user's licenses, so that a check reads one document. */
export async function copyCustomerId(models: Models, guildId: string, userId: string): Promise<void> {
  const read = async () => (await readCustomerIds(models, guildId, [userId])).get(userId) ?? null;
  let customerId = await read();
  for (;;) {
    await models.licenses.updateMany({ guildId, ownerId: userId }, { $set: { customerId } });
    // Another process may have stored a newer UUID and copied it before this copy overwrote it.
    const current = await read();
    if (current === customerId) return;
    customerId = current;
  }
}
