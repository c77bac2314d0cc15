import type { DatabaseSync } from 'node:sqlite';
import type { CheckOutcome, DecisionRule } from '../../../domain/decision.ts';
import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Checks } from '../../port/checks.ts';
import { StoreUnavailableError } from '../../port/errors.ts';
import type { Vault } from '../../vault.ts';
import { createAttemptWriter } from './attempt-writer.ts';
import type { BundleCache } from '../bundles/bundle-cache.ts';
import { createStatements } from '../database.ts';
import { createGrantWriter } from './grant-writer.ts';
import { createSnapshots } from './snapshots.ts';
import { asStoreError, isBusy } from '../errors.ts';

export interface ChecksOptions {
  readonly checks: DatabaseSync;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly cache: BundleCache;
  /** False where changes are made on the very same connection, whose own commits `data_version` does not show. */
  readonly hasOwnConnection: boolean;
  /** After so long a check that could not be committed is answered `store-unavailable`. */
  readonly deadlineMs: number;
  /** Told of each group that shows load. */
  readonly onLargeGroup: () => void;
  /** Why checks are answered `store-unavailable`. */
  readonly onError: (error: unknown) => void;
}

interface PendingCheck {
  readonly request: CheckRequest;
  readonly rule: DecisionRule;
  readonly deadline: number;
  readonly resolve: (outcome: CheckOutcome) => void;
  readonly reject: (error: unknown) => void;
  /** Set by the group that decided it, told after the commit. */
  outcome: CheckOutcome | null;
  error: unknown;
}

const groupSize = 256;
/** So many at once are load, where a checkpoint on this thread would be felt. */
const loadSize = 8;
const retryMs = 20;
/** What one more try may take while the lock is held: it blocks for 50 ms, and the next comes after the pause. */
const maxTryMs = 100;
const tooLate = new StoreUnavailableError('The program was too busy to answer a check in time.');
const unavailable: CheckOutcome = { result: 'denied', denial: 'store-unavailable', detail: null };

/**
 * Checks in groups: those that arrive in one turn of the event loop share one transaction, in which each is read,
 * decided and written in turn, so that nothing comes between.
 */
export function createChecks(options: ChecksOptions): Checks {
  const { checks, cache } = options;
  const statement = createStatements(checks);
  const snapshots = createSnapshots(statement, options.vault, cache);
  const storeAttempt = createAttemptWriter(statement);
  const storeGrant = createGrantWriter(statement);
  const begin = statement('BEGIN IMMEDIATE');
  const commit = statement('COMMIT');
  const dataVersion = statement('PRAGMA data_version');
  const hitBlacklist = statement('UPDATE blacklist SET hits = hits + 1 WHERE id = ?');

  let queue: PendingCheck[] = [];
  let scheduled = false;
  let seenVersion: unknown = null;
  let accepted = 0;
  let settled = 0;
  let drains: { readonly upTo: number; readonly resolve: () => void }[] = [];

  function refreshCache(now: Date): void {
    const version = dataVersion.get()?.data_version;
    if (options.hasOwnConnection && version === seenVersion && cache.isFresh(now)) return;
    cache.refresh(statement, now);
    seenVersion = version;
  }

  function decideOne(pending: PendingCheck, now: Date): void {
    pending.outcome = null;
    const placed = snapshots.findGuild(pending.request, now);
    if ('unknownGuild' in placed) {
      pending.outcome = { result: 'unknown-guild', reason: placed.unknownGuild };
      return;
    }
    const snapshot = snapshots.snapshot(pending.request, placed.bundle, now);
    let decision;
    try {
      decision = pending.rule(snapshot);
    } catch (error) {
      pending.error = error;
      return;
    }
    if (decision.attempt) storeAttempt(placed.bundle.guild.id, now, decision.attempt);
    if (decision.writes && snapshot.license) storeGrant(snapshot.license, now, decision.writes);
    if (decision.blacklistHit !== null) hitBlacklist.run(decision.blacklistHit);
    pending.outcome = decision.outcome;
  }

  function commitGroup(group: readonly PendingCheck[]): void {
    begin.run();
    try {
      // After the begin: nobody else can change anything until the commit.
      const now = options.now();
      refreshCache(now);
      for (const pending of group) decideOne(pending, now);
      commit.run();
    } catch (error) {
      if (checks.isOpen && checks.isTransaction) checks.exec('ROLLBACK');
      throw error;
    }
  }

  function settle(group: readonly PendingCheck[]): void {
    for (const pending of group) {
      if (pending.outcome) pending.resolve(pending.outcome);
      else pending.reject(pending.error);
    }
    settled += group.length;
    if (drains.length === 0) return;
    for (const drain of drains) if (drain.upTo <= settled) drain.resolve();
    drains = drains.filter(({ upTo }) => upTo > settled);
  }

  function refuse(group: readonly PendingCheck[], failure: unknown): void {
    for (const pending of group) pending.outcome = unavailable;
    settle(group);
    options.onError(asStoreError(failure));
  }

  /** The queue is in order of arrival, and so of deadlines. One that the next try would outlast is not tried again. */
  function takeExpired(): readonly PendingCheck[] {
    const soon = performance.now() + maxTryMs;
    const alive = queue.findIndex(({ deadline }) => deadline > soon);
    return queue.splice(0, alive === -1 ? queue.length : alive);
  }

  function runGroup(lastError: unknown): void {
    scheduled = false;
    const expired = takeExpired();
    if (expired.length > 0) refuse(expired, lastError);
    const group = queue.splice(0, groupSize);
    if (group.length === 0) return;
    try {
      commitGroup(group);
      settle(group);
      if (group.length >= loadSize) options.onLargeGroup();
    } catch (error) {
      if (isBusy(error)) {
        queue = [...group, ...queue];
        scheduled = true;
        setTimeout(runGroup, retryMs, error);
        return;
      }
      refuse(group, error);
    }
    if (queue.length > 0) schedule();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(runGroup, tooLate);
  }

  return {
    decide: (request, rule) =>
      new Promise((resolve, reject) => {
        const deadline = performance.now() + options.deadlineMs;
        queue.push({ request, rule, deadline, resolve, reject, outcome: null, error: null });
        accepted += 1;
        schedule();
      }),
    drain: () =>
      new Promise((resolve) => {
        if (settled === accepted) resolve();
        else drains.push({ upTo: accepted, resolve });
      }),
  };
}
