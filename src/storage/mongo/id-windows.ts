import type { Model, QueryFilter } from 'mongoose';
import { rowsPerWindow } from './steps.ts';

/** Higher than any id: where a search for the newest begins. */
export const beyondIds = Number.MAX_SAFE_INTEGER;

export interface IdWindow {
  readonly ids: { readonly $gte: number; readonly $lt: number };
  /** The upper end of the next window; null: this was the last one. */
  readonly next: number | null;
}

/**
 * The range of ids just below `before` in which `size` documents match `among`. A search with more conditions
 * inside this range reads no more documents than that, and documents stored meanwhile do not move the range. An index
 * must give the documents that match `among` in the order of `_id`.
 */
export async function windowBefore<T extends { readonly _id: number }>(
  model: Model<T>,
  among: QueryFilter<T>,
  before: number,
  lowest = Number.MIN_SAFE_INTEGER,
  size = rowsPerWindow,
): Promise<IdWindow> {
  const edge = await model
    .findOne({ ...among, _id: { $gte: lowest, $lt: before } } as QueryFilter<T>)
    .sort({ _id: -1 })
    .skip(size - 1)
    .select({ _id: 1 })
    .lean<{ readonly _id: number }>();
  return { ids: { $gte: edge?._id ?? lowest, $lt: before }, next: edge?._id ?? null };
}
