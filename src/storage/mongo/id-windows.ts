import type { Model, QueryFilter } from 'mongoose';
import { rowsPerWindow } from './steps.ts';

/** Higher than any id. */
export const beyondIds = Number.MAX_SAFE_INTEGER;

export interface IdWindow {
  readonly ids: { readonly $gte: number; readonly $lt: number };
  /** Before which the next one is; null: this was the last. */
  readonly next: number | null;
}

/**
 * The ids just before `before` between which `among` has one window of documents: a search between them passes over no
 * more than that, and what is stored meanwhile moves nothing. `among` is what an index finds in order of `_id`.
 */
export async function windowBefore<T extends { readonly _id: number }>(
  model: Model<T>,
  among: QueryFilter<T>,
  before: number,
  lowest = Number.MIN_SAFE_INTEGER,
): Promise<IdWindow> {
  const edge = await model
    .findOne({ ...among, _id: { $gte: lowest, $lt: before } } as QueryFilter<T>)
    .sort({ _id: -1 })
    .skip(rowsPerWindow - 1)
    .select({ _id: 1 })
    .lean<{ readonly _id: number }>();
  return { ids: { $gte: edge?._id ?? lowest, $lt: before }, next: edge?._id ?? null };
}
