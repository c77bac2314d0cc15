import type { License } from '../../../domain/license.ts';
import type { Helper } from '../../../domain/snapshot.ts';
import type { Vault } from '../../vault.ts';
import type { Models } from '../database/models.ts';
import { readOwners } from '../licenses/owner-copies.ts';
import type { WorkingLicense } from './working-license.ts';

/** The helpers of a license of the group. */
export type HelperReader = (license: License) => readonly Helper[];

const noHelpers: HelperReader = () => [];

/**
 * Reads the names and UUIDs of those whom these licenses are shared with. A license holds no copies of them as it does of
 * its owner, since few licenses are shared; a group without any reads nothing.
 */
export async function readHelpers(
  models: Models,
  vault: Vault,
  group: readonly WorkingLicense[],
  maxTimeMS: number,
): Promise<HelperReader> {
  const shared = group.map((working) => working.license()).filter(({ helperIds }) => helperIds.length > 0);
  if (shared.length === 0) return noHelpers;
  const byGuild = Map.groupBy(shared, ({ guildId }) => guildId);
  const known = new Map(
    await Promise.all(
      [...byGuild].map(async ([guildId, licenses]) => {
        const ids = licenses.flatMap(({ helperIds }) => helperIds);
        return [guildId, await readOwners(models, guildId, ids, { maxTimeMS })] as const;
      }),
    ),
  );
  return ({ guildId, helperIds }) =>
    helperIds.map((id) => {
      const { owner = null, customerId = null } = known.get(guildId)?.get(id) ?? {};
      return { user: owner && { id, ...owner }, customerId: customerId ?? vault.customerId(guildId, id) };
    });
}
