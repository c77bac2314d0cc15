import type { Model } from 'mongoose';
import { claimNote } from '../../../domain/notes.ts';
import type { Models } from '../database/models.ts';
import { type DeleteStep, deleteMatching, deleteInSteps, deleteInTurn } from '../steps.ts';

/** Licenses are removed first, so that no check is decided on a license whose other data is missing; attempts last. */
const growingCollections = [
  'licenses',
  'observedValues',
  'blacklist',
  'customers',
  'alerts',
  'effects',
  'grantedRoles',
  'audit',
  'attemptCounts',
  'attempts',
  'attemptStatistics',
] as const;

function deleteOf(models: Models, name: keyof Models, guildId: string): DeleteStep {
  return deleteMatching(models[name] as unknown as Model<{ readonly guildId: string }>, { guildId });
}

/** Deletes from the collections in which a guild may have a million documents. */
export function deleteGuildRecords(models: Models, guildId: string): DeleteStep {
  return deleteInTurn(...growingCollections.map((name) => deleteOf(models, name, guildId)));
}

/**
 * Removes everything that belongs to a guild that is marked `gone`. Another process may finish the same removal first,
 * and the guild may then be created again: this one looks before each step whether the guild is still `gone`, and
 * leaves the new guild's data alone.
 */
export async function sweepGuild(models: Models, guildId: string): Promise<void> {
  const smallCollections = (['products', 'apiKeys', 'changes'] as const).map((name) => deleteOf(models, name, guildId));
  // Names that begin with this text: the next text of its length ends the range.
  const claims = claimNote(guildId, '');
  const ofClaims = deleteMatching(models.notes, { _id: { $gte: claims, $lt: `${claims.slice(0, -1)};` } });
  for (const remove of [...smallCollections, ofClaims, deleteGuildRecords(models, guildId)]) {
    await deleteInSteps(Infinity, async (rows) => {
      const isGone = await models.guilds.exists({ _id: guildId, gone: true });
      return isGone ? remove(rows) : 0;
    });
  }
}
