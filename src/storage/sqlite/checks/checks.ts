import type { DatabaseSync } from 'node:sqlite';
import type { CheckOutcome, DecisionRule } from '../../../domain/decision.ts';
import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Checks } from '../../port/checks.ts';
import { StoreUnavailableError } from '../../port/errors.ts';
import type { Vault } from '../../vault.ts';
import { createRollUpBetweenGroups } from '../attempts/roll-up.ts';
import { createAttemptWriter } from './attempt-writer.ts';
import type { BundleCache } from '../bundles/bundle-cache.ts';
import { createStatements } from '../database/database.ts';
import { createGrantWriter } from './grant-writer.ts';
import { createSnapshots } from './snapshots.ts';
import { asStoreError, isBusy } from '../errors.ts';

export interface ChecksOptions {
  readonly checks: DatabaseSync;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly cache: BundleCache;
  /**
   * Whether no other writes are made on this connection. `PRAGMA data_version` changes only with commits of other
   * connections, so it is of no use where changes are committed on the same one: in memory.
   */
  readonly hasOwnConnection: boolean;
  /** After this time a check that could not be committed is answered `store-unavailable`. */
  readonly deadlineMs: number;
  /** Called after each group of at least `largeGroupSize` checks. */
  readonly onLargeGroup: () => void;
  /** Called with the reason when checks are answered `store-unavailable`. */
  readonly onError: (error: unknown) => void;
}

interface PendingCheck {
  readonly request: CheckRequest;
  readonly rule: DecisionRule;
  readonly deadline: number;
  readonly resolve: (outcome: CheckOutcome) => void;
  readonly reject: (error: unknown) => void;
  /** Set when the check is decided, and returned to the caller after the commit. */
  outcome: CheckOutcome | null;
  error: unknown;
}

const maxGroupSize = 256;
/**
 * From this group size on, a WAL checkpoint on this thread would delay checks noticeably; a worker thread makes it
 * then.
 */
const largeGroupSize = 8;
const retryMs = 20;
/**
 * The longest time until the try after the next one: a try blocks for up to 50 ms (the busy timeout), then comes the
 * pause.
 */
const maxTryMs = 100;
const tooLate = new StoreUnavailableError('The program was too busy to answer a check in time.');
const unavailable: CheckOutcome = { result: 'denied', denial: 'store-unavailable', detail: null };

/**
 * Group commit: the checks that arrive in one turn of the event loop share one `BEGIN IMMEDIATE` transaction, in which
 * each check in turn is read, decided and written. No other connection can commit in between, so a decision never has
 * to be repeated because of a conflict.
 */
export function createChecks(options: ChecksOptions): Checks {
  const { checks, cache } = options;
  const statement = createStatements(checks);
  const snapshots = createSnapshots(statement, options.vault, cache);
  const attempts = createAttemptWriter(statement);
  const rollUpAttempts = createRollUpBetweenGroups(checks, statement, options.onError);
  const storeGrant = createGrantWriter(statement);
  const begin = statement('BEGIN IMMEDIATE');
  const commit = statement('COMMIT');
  const dataVersion = statement('PRAGMA data_version');
  const hitBlacklist = statement('UPDATE blacklist SET hits = hits + 1 WHERE id = ?');

  let queue: PendingCheck[] = [];
  let isScheduled = false;
  let cachedDataVersion: unknown = null;
  let acceptedCount = 0;
  let answeredCount = 0;
  let drains: { readonly upTo: number; readonly resolve: () => void }[] = [];

  function refreshCache(now: Date): void {
    const version = dataVersion.get()?.data_version;
    if (options.hasOwnConnection && version === cachedDataVersion && cache.isFresh(now)) return;
    cache.refresh(statement, now);
    cachedDataVersion = version;
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
    if (decision.recorded) {
      attempts.store(placed.bundle.guild.id, now, decision.attempt);
      if (decision.writes && snapshot.license) storeGrant(snapshot.license, now, decision.writes);
      if (decision.blacklistHit !== null) hitBlacklist.run(decision.blacklistHit);
    }
    pending.outcome = decision.outcome;
  }

  function commitGroup(group: readonly PendingCheck[]): void {
    begin.run();
    try {
      // The clock is read after the lock was taken: no other process can change anything until the commit.
      const now = options.now();
      refreshCache(now);
      for (const pending of group) decideOne(pending, now);
      attempts.finishGroup();
      commit.run();
    } catch (error) {
      attempts.abandonGroup();
      if (checks.isOpen && checks.isTransaction) checks.exec('ROLLBACK');
      throw error;
    }
  }

  function answer(group: readonly PendingCheck[]): void {
    for (const pending of group) {
      if (pending.outcome) pending.resolve(pending.outcome);
      else pending.reject(pending.error);
    }
    answeredCount += group.length;
    if (drains.length === 0) return;
    for (const drain of drains) if (drain.upTo <= answeredCount) drain.resolve();
    drains = drains.filter(({ upTo }) => upTo > answeredCount);
  }

  function answerUnavailable(group: readonly PendingCheck[], failure: unknown): void {
    for (const pending of group) pending.outcome = unavailable;
    answer(group);
    options.onError(asStoreError(failure));
  }

  /**
   * Removes from the queue the checks that could miss their deadline if they were tried again. The queue is in the
   * order of arrival, and so in the order of deadlines.
   */
  function takeExpired(): readonly PendingCheck[] {
    const soon = performance.now() + maxTryMs;
    const firstInTime = queue.findIndex(({ deadline }) => deadline > soon);
    return queue.splice(0, firstInTime === -1 ? queue.length : firstInTime);
  }

  function runGroup(lastError: unknown): void {
    isScheduled = false;
    const expired = takeExpired();
    if (expired.length > 0) answerUnavailable(expired, lastError);
    const group = queue.splice(0, maxGroupSize);
    if (group.length === 0) return;
    try {
      commitGroup(group);
      answer(group);
      rollUpAttempts(group.length);
      if (group.length >= largeGroupSize) options.onLargeGroup();
    } catch (error) {
      if (isBusy(error)) {
        queue = [...group, ...queue];
        isScheduled = true;
        setTimeout(runGroup, retryMs, error);
        return;
      }
      answerUnavailable(group, error);
    }
    if (queue.length > 0) schedule();
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(runGroup, tooLate);
  }

  return {
    decide: (request, rule) =>
      new Promise((resolve, reject) => {
        const deadline = performance.now() + options.deadlineMs;
        queue.push({ request, rule, deadline, resolve, reject, outcome: null, error: null });
        acceptedCount += 1;
        schedule();
      }),
    drain: () =>
      new Promise((resolve) => {
        if (answeredCount === acceptedCount) resolve();
        else drains.push({ upTo: acceptedCount, resolve });
      }),
  };
}
