import type { License } from '../../../domain/license.ts';
import type { Helper } from '../../../domain/snapshot.ts';
import type { Vault } from '../../vault.ts';
import type { Models } from '../database/models.ts';
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
  const shared = group.map((working) => working.license()).filter(isShared);
  if (shared.length === 0) return noHelpers;
  const known = new Map<number, readonly Helper[]>();
  const byGuild = Map.groupBy(shared, ({ guildId }) => guildId);
  await Promise.all(
    [...byGuild].map(async ([guildId, licenses]) => {
      const ids = licenses.flatMap(({ helperIds }) => helperIds);
      const [users, customers] = await Promise.all([
        models.users.find({ _id: { $in: ids } }, null, { maxTimeMS }).lean(),
        models.customers
          .find({ guildId, discordId: { $in: ids }, retired: 0 }, { discordId: 1, uuid: 1 }, { maxTimeMS })
          .lean(),
      ]);
      const names = new Map(users.map(({ _id: id, username, discriminator }) => [id, { id, username, discriminator }]));
      const uuids = new Map(customers.map(({ discordId, uuid }) => [discordId, uuid]));
      const helperOf = (id: string): Helper => {
        return { user: names.get(id) ?? null, customerId: uuids.get(id) ?? vault.customerId(guildId, id) };
      };
      for (const { id, helperIds } of licenses) known.set(id, helperIds.map(helperOf));
    }),
  );
  return ({ id }) => known.get(id) ?? [];
}

/** An older version that still runs stores licenses without the field. They must not fail the checks of their group. */
function isShared({ helperIds }: { readonly helperIds?: readonly string[] }): boolean {
  return helperIds !== undefined && helperIds.length > 0;
}
