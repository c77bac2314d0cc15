import type { QueryFilter } from 'mongoose';
import type { LicenseState } from '../../../domain/license.ts';
import { isAnyButDeleted } from '../../listed-states.ts';
import type { Models } from '../database/models.ts';
import type { LicenseDocument } from '../documents.ts';

export type Filter = QueryFilter<LicenseDocument>;

export type IndexKey = Readonly<Record<string, 1 | -1>>;

/** The licenses that match the filter, in the order that an index has them. */
export interface Source {
  readonly filter: Filter;
  readonly hint: IndexKey;
}

/** The ids of the guild's products, by whether they are deleted. A license of a deleted product counts as deleted. */
export interface GuildProducts {
  readonly alive: readonly number[];
  readonly deleted: readonly number[];
}

export async function readProducts({ products }: Models, guildId: string): Promise<GuildProducts> {
  const found = await products.find({ guildId }).select({ gone: 1, deletedAt: 1 }).lean();
  const isAlive = ({ gone, deletedAt }: (typeof found)[number]) => !gone && deletedAt === null;
  const [alive, deleted] = [found.filter(isAlive), found.filter((product) => !isAlive(product))];
  return { alive: alive.map(({ _id }) => _id), deleted: deleted.map(({ _id }) => _id) };
}

/** The conditions of `licenseState` in the domain. Where `expiresAt` is null, `$lte` matches no instant. */
export function isInState(states: readonly LicenseState[], { alive }: GuildProducts, now: Date): Filter {
  const isAlive: Filter = { deletedAt: null, productId: { $in: alive } };
  const conditions: Readonly<Record<LicenseState, Filter>> = {
    deleted: { $nor: [isAlive] },
    suspended: { ...isAlive, holds: { $ne: [] } },
    off: { ...isAlive, holds: [], switchedOff: true },
    expired: { ...isAlive, holds: [], switchedOff: false, expiresAt: { $lte: now } },
    active: { ...isAlive, holds: [], switchedOff: false, expiresAt: { $not: { $lte: now } } },
  };
  return isAnyButDeleted(states) ? isAlive : { $or: states.map((state) => conditions[state]) };
}
