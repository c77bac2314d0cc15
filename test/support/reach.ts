import type { BindingKind } from '../../src/domain/limits.ts';
import type { ReachQuery } from '../../src/storage/port/blacklist.ts';
import type { Storage } from '../../src/storage/port/storage.ts';

/** Every value of a kind. */
export const anywhere = { from: '', to: '\u{10ffff}' };

/** A question about everything since 1970 that nothing matches, but for what `own` says. */
export function reachQuery(own: Partial<ReachQuery> = {}): ReachQuery {
  return {
    since: new Date(0),
    countSince: new Date(0),
    bindings: null,
    matches: () => false,
    maxRows: 100_000,
    maxLicenses: 100_000,
    ...own,
  };
}

/** The licenses with a binding of the kind that was not released, and their owners. */
export async function boundTo(
  storage: Storage,
  guildId: string,
  kind: BindingKind,
  matches: (value: string) => boolean = () => true,
): Promise<{ readonly licenses: number; readonly owners: number }> {
  const bindings = { kind, matches, ranges: [anywhere] };
  const { licenses, owners } = await storage.blacklistReach(guildId, reachQuery({ bindings }));
  return { licenses, owners };
}
