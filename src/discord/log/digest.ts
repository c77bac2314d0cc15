import { type Actor, actorText } from '../../domain/actor.ts';
import type { Attempt } from '../../domain/attempt.ts';
import type { AuditAction, AuditEvent } from '../../domain/audit.ts';
import type { AttemptResult } from '../../domain/denial.ts';

/** Many attempts for one channel, in bounded memory: the first ones in full, and the counts of all of them. */
export interface Digest {
  total: number;
  readonly first: Attempt[];
  readonly results: Map<AttemptResult, number>;
  readonly ips: Map<string, number>;
  readonly licenses: Map<number, number>;
}

/** Many audit events in bounded memory: the first ones in full, and how often each actor did what. */
export interface AuditDigest {
  total: number;
  readonly first: AuditEvent[];
  readonly counts: Map<string, { readonly action: AuditAction; readonly actor: Actor; times: number }>;
}

export const maxLines = 15;
/** How many different addresses, licenses and actors are counted; those that appear later are left out of the counts. */
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

export function createAuditDigest(): AuditDigest {
  return { total: 0, first: [], counts: new Map() };
}

export function addAuditEvent(digest: AuditDigest, event: AuditEvent): void {
  const { action, actor } = event;
  digest.total += 1;
  if (digest.first.length < maxLines) digest.first.push(event);
  const key = `${action} ${actorText(actor)}`;
  const counted = digest.counts.get(key);
  if (counted) counted.times += 1;
  else if (digest.counts.size < maxCounted) digest.counts.set(key, { action, actor, times: 1 });
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
