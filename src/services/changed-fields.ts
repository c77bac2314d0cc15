import { isDeepStrictEqual } from 'node:util';

/** The values before and after of those fields that differ, for audit events. */
export function changedFields<T extends object, K extends keyof T & string>(
  before: T,
  after: T,
  fields: readonly K[],
): Readonly<Partial<Record<K, { readonly before: T[K]; readonly after: T[K] }>>> {
  const changed: Partial<Record<K, { readonly before: T[K]; readonly after: T[K] }>> = {};
  for (const field of fields) {
    if (!isDeepStrictEqual(before[field], after[field]))
      changed[field] = { before: before[field], after: after[field] };
  }
  return changed;
}
