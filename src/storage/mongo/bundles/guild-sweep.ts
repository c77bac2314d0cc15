import type { Model } from 'mongoose';
import type { Models } from '../models.ts';
import { type Delete, deleteFound, deleteInSteps, inTurn } from '../steps.ts';

/** Collections that grow; licenses first, so that nothing else is missed in an answer, and attempts last. */
const growing = [
  'licenses',
  'observedValues',
  'blacklist',
  'alerts',
  'effects',
  'grantedRoles',
  'audit',
  'attemptCounts',
  'attempts',
] as const;

function deleteOf(models: Models, name: keyof Models, guildId: string): Delete {
  return deleteFound(models[name] as unknown as Model<{ readonly guildId: string }>, { guildId });
}

/** What a guild may have a million of. */
export function deleteGrowing(models: Models, guildId: string): Delete {
  return inTurn(...growing.map((name) => deleteOf(models, name, guildId)));
}

/**
 * Removes everything of a guild that is `gone`. It may be made again meanwhile by a process that finished the removal
 * before this one: what is new stays.
 */
export async function sweepGuild(models: Models, guildId: string): Promise<void> {
  const others = (['products', 'apiKeys', 'customers'] as const).map((name) => deleteOf(models, name, guildId));
  for (const remove of [...others, deleteGrowing(models, guildId)]) {
    await deleteInSteps(Infinity, async (rows) => {
      const isGone = await models.guilds.exists({ _id: guildId, gone: true });
      return isGone ? remove(rows) : 0;
    });
  }
}
