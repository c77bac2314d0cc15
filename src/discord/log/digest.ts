import type { Attempt } from '../../domain/attempt.ts';
import type { AttemptResult } from '../../domain/denial.ts';

/** Many attempts for one channel, in bounded memory: the first ones in full, and the counts of all of them. */
export interface Digest {
  total: number;
  readonly first: Attempt[];
  readonly results: Map<AttemptResult, number>;
  readonly ips: Map<string, number>;
  readonly licenses: Map<number, number>;
}

export const maxLines = 15;
/** How many different addresses and licenses are counted; those that appear later are left out of the counts. */
const maxCounted = 500;

export function createDigest(): Digest {
  return { total: 0, first: [], results: new Map(), ips: new Map(), licenses: new Map() };
}

export function addAttempt(digest: Digest, attempt: Attempt): void {
  addCount(digest, attempt.result, 1);
  if (digest.first.length < maxLines) digest.first.push(attempt);
  increment(digest.ips, attempt.observedIp, 1);
  if (attempt.licenseId !== null) increment(digest.licenses, attempt.licenseId, 1);
}

/** Adds attempts that were only counted, not recorded one by one. */
export function addCount(digest: Digest, result: AttemptResult, count: number): void {
  digest.total += count;
  increment(digest.results, result, count);
}

/** Whether there are more attempts than lines, or attempts that were only counted. */
export function isSummary(digest: Digest): boolean {
  return digest.total > digest.first.length;
}

export function topEntries<K>(counts: ReadonlyMap<K, number>, limit: number): readonly (readonly [K, number])[] {
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, limit);
}

function increment<K>(counts: Map<K, number>, key: K, by: number): void {
  const before = counts.get(key);
  if (before !== undefined || counts.size < maxCounted) counts.set(key, (before ?? 0) + by);
}
