import { type LicenseState, licenseStates } from '../domain/license.ts';
import type { LicenseQuery } from './port/licenses.ts';

/** What is stored of a license's state, in an index: all of it that depends neither on time nor on the product. */
type ListedAs = 'deleted' | 'suspended' | 'off' | 'on';

/**
 * Under which values of that index licenses of each state are, unless their product is deleted. `isEndProcessed` says
 * which have expired, but for ends of the last minute, and those that a clock that was ahead has processed.
 */
export const entriesOf = {
  deleted: [
    { as: 'deleted', isEndProcessed: false },
    { as: 'deleted', isEndProcessed: true },
  ],
  suspended: [
    { as: 'suspended', isEndProcessed: false },
    { as: 'suspended', isEndProcessed: true },
  ],
  off: [
    { as: 'off', isEndProcessed: false },
    { as: 'off', isEndProcessed: true },
  ],
  expired: [{ as: 'on', isEndProcessed: true }],
  active: [{ as: 'on', isEndProcessed: false }],
} as const satisfies Readonly<Record<LicenseState, readonly ListedEntries[]>>;

export interface ListedEntries {
  readonly as: ListedAs;
  readonly isEndProcessed: boolean;
}

/** Up to so many licenses are looked up one by one where the index by state does not know of their end. */
export const maxExceptions = 2_000;

/** The states that a query asks for, which may be none. */
export function statesOf({
  state,
  active,
  hold,
}: Pick<LicenseQuery, 'state' | 'active' | 'hold'>): readonly LicenseState[] {
  const wanted = state ?? (hold === undefined ? undefined : 'suspended');
  const asked = licenseStates.filter((each) => (wanted === undefined ? each !== 'deleted' : each === wanted));
  return active === undefined ? asked : asked.filter((each) => (each === 'active') === active);
}

/** Whether these are all states but `deleted`. */
export function isAnyButDeleted(states: readonly LicenseState[]): boolean {
  return states.length === licenseStates.length - 1 && !states.includes('deleted');
}

/** Whether a query finds licenses by state and product alone. */
export function isByState(query: LicenseQuery): boolean {
  return Object.keys(query).every((name) => name === 'state' || name === 'active' || name === 'productId');
}
