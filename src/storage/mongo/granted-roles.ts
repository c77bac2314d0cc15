import type { Model, QueryFilter } from 'mongoose';
import type { Effects } from '../port/effects.ts';
import type { MongoStore } from './connection.ts';
import { rowsPerWindow, scanWindows } from './steps.ts';
import { duplicateFields } from './errors.ts';

type GrantedRoles = Pick<Effects, 'grantedRoles' | 'setRoleGranted' | 'membersAfter'>;

export function createGrantedRoles(store: MongoStore): GrantedRoles {
  const { grantedRoles, licenses } = store.models;

  async function grant(guildId: string, userId: string, roleId: string): Promise<void> {
    const _id = [guildId, userId, roleId].join(' ');
    try {
      await grantedRoles.collection.insertOne({ _id, guildId, userId, roleId } as object);
    } catch (error) {
      if (duplicateFields(error) === null) throw error;
    }
  }

  /** Distinct user ids after the given one, in order. The next window begins after the last user id found. */
  function usersAfter<T>(
    model: Model<T>,
    field: keyof T & string,
    filter: QueryFilter<T>,
    after: string,
    limit: number,
  ) {
    return scanWindows(after, limit, async (from) => {
      const found = await model
        .find({ ...filter, [field]: { $gt: from } } as QueryFilter<T>)
        .sort({ [field]: 1 })
        .limit(rowsPerWindow)
        .select({ [field]: 1 })
        .lean<readonly Readonly<Record<string, string>>[]>();
      const users = [...new Set(found.map((document) => document[field] ?? ''))];
      return { found: users, next: found.length < rowsPerWindow ? null : (users.at(-1) ?? null) };
    });
  }

  /** Those whom licenses are shared with. A license has a list of them, which no index holds in order. */
  async function helpersAfter(guildId: string, after: string, limit: number): Promise<readonly string[]> {
    const isLater = { helperIds: { $gt: after } };
    const found = await licenses.aggregate<{ readonly _id: string }>([
      { $match: { ...isLater, guildId, unpublished: null, deletedAt: null } },
      { $unwind: '$helperIds' },
      { $match: isLater },
      { $group: { _id: '$helperIds' } },
      { $sort: { _id: 1 } },
      { $limit: limit },
    ]);
    return found.map(({ _id }) => _id);
  }

  return {
    grantedRoles: (guildId, userId) =>
      store.run(async () => {
        const found = await grantedRoles.find({ guildId, userId }).sort({ roleId: 1 }).lean();
        return found.map(({ roleId }) => roleId);
      }),

    setRoleGranted: (guildId, userId, roleId, granted) =>
      store.run(async () => {
        if (granted) await grant(guildId, userId, roleId);
        else await grantedRoles.deleteOne({ guildId, userId, roleId });
      }),

    membersAfter: (guildId, userId, limit) =>
      store.run(async () => {
        const after = userId ?? '';
        const owning = { guildId, unpublished: null, deletedAt: null };
        const [granted, owners, helpers] = await Promise.all([
          usersAfter(grantedRoles, 'userId', { guildId }, after, limit),
          usersAfter(licenses, 'ownerId', owning, after, limit),
          helpersAfter(guildId, after, limit),
        ]);
        return [...new Set([...granted, ...owners, ...helpers])].sort().slice(0, limit);
      }),
  };
}
