import type { MongoStore } from '../connection.ts';
import { deleteGrowing } from './guild-sweep.ts';
import { deleteInSteps } from '../steps.ts';

const noTrail = { audit: [], effects: [] };

/**
 * Removes a guild and everything that belongs to it. What grows goes first, step by step, while the guild is still
 * there: a removal that was interrupted is repeated. Then the guild goes, and with it whatever came meanwhile.
 */
export async function deleteGuild({ models, outbox }: MongoStore, guildId: string): Promise<boolean> {
  if (!(await models.guilds.exists({ _id: guildId, gone: false }))) return false;
  await deleteInSteps(Infinity, deleteGrowing(models, guildId));
  const outboxEntry = await outbox.make(guildId, noTrail, {
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
