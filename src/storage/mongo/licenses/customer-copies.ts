import type { Models } from '../models.ts';

export function customerDocumentId(guildId: string, userId: string): string {
  return `${guildId} ${userId}`;
}

/** The UUIDs that were supplied for these users of a guild, by user. */
export async function readCustomerIds(
  { customers }: Models,
  guildId: string,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const ids = userIds.map((userId) => customerDocumentId(guildId, userId));
  const found = await customers.find({ _id: { $in: ids } }).lean();
  return new Map(found.map(({ userId, uuid }) => [userId, uuid]));
}

/** So that a check reads one document, licenses hold their owner's UUID where it was supplied. */
export async function copyCustomerId(models: Models, guildId: string, userId: string): Promise<void> {
  const read = async () => (await readCustomerIds(models, guildId, [userId])).get(userId) ?? null;
  let customerId = await read();
  for (;;) {
    await models.licenses.updateMany({ guildId, ownerId: userId }, { $set: { customerId } });
    // Somebody who changed it meanwhile may have copied his before this one was.
    const now = await read();
    if (now === customerId) return;
    customerId = now;
  }
}
