import type { MongoStore } from '../connection.ts';
import { deleteGuildRecords } from './guild-sweep.ts';
import { deleteInSteps } from '../steps.ts';

const noTrail = { audit: [], effects: [] };

/**
 * Removes a guild and everything that belongs to it; resolves to false when there is no such guild. The collections
 * that grow without bound are emptied first, in steps, while the guild still exists: when the process dies in between,
 * the command can be repeated. Then the guild is marked `gone`, and its outbox entry removes what was stored in the
 * meantime and the small collections.
 */
export async function deleteGuild({ models, outbox }: MongoStore, guildId: string): Promise<boolean> {
  if (!(await models.guilds.exists({ _id: guildId, gone: false }))) return false;
  await deleteInSteps(Infinity, deleteGuildRecords(models, guildId));
  const outboxEntry = await outbox.createEntry(guildId, noTrail, {
    changes: [{ guildId, kind: 'guild', ref: guildId }],
    sweep: true,
    remove: true,
  });
  return outbox.update(
    models.guilds,
    { _id: guildId, gone: false },
    { $set: { gone: true }, $inc: { rev: 1 } },
    outboxEntry,
  );
}
