import type { CheckOutcome, Decision, DecisionRule } from '../../../domain/decision.ts';
import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Checks } from '../../port/checks.ts';
import { StoreUnavailableError } from '../../port/errors.ts';
import type { Vault } from '../../vault.ts';
import type { BundleCache } from '../bundles/bundle-cache.ts';
import type { Topology } from '../database/clients.ts';
import { asStoreError } from '../errors.ts';
import { type AttemptId, createAttemptIds } from '../ids.ts';
import { collectionOf, type Models } from '../database/models.ts';
import { createAttemptWriter } from './attempt-writer.ts';
import { createObservedValueWriter } from './observed-value-writer.ts';
import { createSnapshots, type GroupSnapshot, type ResolvedRequest, snapshotOf } from './snapshots.ts';
import { createLicenseWriter, type WrittenLicenses } from './license-writer.ts';
import type { LicenseWrite, WorkingLicense } from './working-license.ts';

export interface ChecksOptions {
  /** On the client for checks, which fails fast. */
  readonly models: Models;
  readonly topology: Topology;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly cache: BundleCache;
  /** From a check's arrival until it is answered `store-unavailable`. */
  readonly deadlineMs: number;
  /** Called with the reason each time checks are answered `store-unavailable`. */
  readonly onError: (error: unknown) => void;
}

interface Pending {
  readonly request: CheckRequest;
  readonly rule: DecisionRule;
  /** Made at arrival and kept however often the check is decided, so that its attempt is stored once. */
  readonly attemptId: AttemptId;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (outcome: CheckOutcome) => void;
  readonly reject: (error: unknown) => void;
  isAnswered: boolean;
  /** It was decided before on another primary, and some of what that decision wrote may be stored. */
  isRepeat: boolean;
  /** The blacklist entry whose hits already include this check. */
  hit: number | null;
}

interface Decided {
  readonly pending: Pending;
  readonly placed: ResolvedRequest;
  readonly working: WorkingLicense | null;
  readonly decision: Decision;
  readonly at: Date;
}

interface DecidedGroup {
  /** The primary on which the group was read and its licenses were written. */
  readonly primary: string;
  /** Checks whose licenses are stored as decided, or needed no write. */
  readonly written: readonly Decided[];
  /** Checks of licenses that another process changed after the read: they are decided again. */
  readonly conflicting: readonly Decided[];
}

const maxGroupSize = 256;
const unavailable: CheckOutcome = { result: 'denied', denial: 'store-unavailable', detail: null };
const noPrimary = new StoreUnavailableError('MongoDB cannot be reached, or has no primary at the moment.');
const deadlineExceeded = new StoreUnavailableError('MongoDB did not answer in time.');

/**
 * Answers checks in groups: the checks that arrive while one group is being read and decided form the next one. A group
 *
 * 1. reads the bundle version and its licenses at the same time from one primary,
 * 2. decides its checks in memory, one after the other,
 * 3. writes the licenses that changed, each on the condition that its `rev` is still the one that was read,
 * 4. writes the attempts, observed values and blacklist hits, and then answers.
 *
 * A license comes before its attempt and the attempt before the answer: a process that dies in between leaves at most a
 * slot without an answer, never a grant that is not stored. While one group is in step 4 the next one may begin: it
 * reads the store just as a group of another process would.
 */
export function createChecks(options: ChecksOptions): Checks {
  const { models, topology, cache, now } = options;
  const newAttemptId = createAttemptIds(now, options.random);
  const snapshots = createSnapshots(models, options.vault, cache, now, Math.round((options.deadlineMs * 4) / 9));
  const writeAttempts = createAttemptWriter(models, newAttemptId);
  const writeObserved = createObservedValueWriter(models);
  const writeLicenses = createLicenseWriter(models);

  let queue: Pending[] = [];
  let isRunning = false;
  /** Resolves when the last group that was decided is answered. */
  let finishing: Promise<void> = Promise.resolve();
  let unfinishedGroups = 0;
  const drains: (() => void)[] = [];

  function answer(pending: Pending, outcome: CheckOutcome): void {
    if (pending.isAnswered) return;
    pending.isAnswered = true;
    clearTimeout(pending.timer);
    pending.resolve(outcome);
  }

  function fail(pending: Pending, error: unknown): void {
    if (pending.isAnswered) return;
    pending.isAnswered = true;
    clearTimeout(pending.timer);
    pending.reject(error);
  }

  function answerUnavailable(group: readonly Pending[], reason: unknown): void {
    const unanswered = group.filter(({ isAnswered }) => !isAnswered);
    for (const pending of unanswered) answer(pending, unavailable);
    if (unanswered.length > 0) options.onError(asStoreError(reason));
  }

  /** null: the check is answered already, or without the rule. */
  function decideOne(pending: Pending, snapshot: GroupSnapshot): Decided | null {
    // The client was answered `store-unavailable` at the deadline. A slot, point or attempt now would contradict that.
    if (pending.isAnswered) return null;
    const placed = snapshot.resolve(pending.request);
    if ('unknownGuild' in placed) {
      answer(pending, { result: 'unknown-guild', reason: placed.unknownGuild });
      return null;
    }
    if ('unreadable' in placed) {
      answerUnavailable([pending], placed.unreadable);
      return null;
    }
    const working = placed.lookup === null ? null : snapshot.license(placed.lookup);
    const at = now();
    try {
      const decision = pending.rule(snapshotOf(options.vault, placed, working, snapshot.helpersOf, at));
      if (decision.recorded && decision.writes) working?.apply(decision.writes, at);
      return { pending, placed, working, decision, at };
    } catch (error) {
      fail(pending, error);
      return null;
    }
  }

  /** Writes the licenses that the decisions changed, or those of which only slots are refreshed. */
  function write(decided: readonly Decided[], { areRefreshes }: { readonly areRefreshes: boolean }) {
    const writes = new Map<WorkingLicense, LicenseWrite>();
    for (const { working } of decided) {
      const change = working === null || writes.has(working) ? null : working.write();
      if (working && change?.isRefresh === areRefreshes) writes.set(working, change);
    }
    return writeLicenses(writes);
  }

  /** Answers the checks of licenses that MongoDB refuses to write. */
  function answerFailed(decided: readonly Decided[], { failed }: WrittenLicenses): void {
    for (const [license, reason] of failed) {
      answerUnavailable(pendingOf(decided.filter(({ working }) => working === license)), reason);
    }
  }

  async function writeRecords(decided: readonly Decided[]): Promise<void> {
    const attempts = decided.flatMap(({ pending: { attemptId, isRepeat }, placed, decision, at }) => {
      const { id: _id, by } = attemptId;
      const guildId = placed.bundle.guild.id;
      return decision.recorded ? [{ attempt: { _id, by, guildId, at, ...decision.attempt }, isRepeat }] : [];
    });
    const observed = decided.flatMap(({ working, decision, at }) => {
      if (!working || !decision.recorded || !decision.writes) return [];
      const { id: licenseId, guildId } = working.license();
      return decision.writes.observed.map((value) => ({ ...value, licenseId, guildId, rev: working.rev, at }));
    });
    const hits = decided.flatMap(({ pending, decision }) => {
      const hit = blacklistHitOf(decision);
      return hit === pending.hit ? [] : (hit ?? []);
    });
    await Promise.all([writeAttempts(attempts), writeObserved(observed), countHits(hits)]);
    for (const { pending, decision } of decided) pending.hit = blacklistHitOf(decision);
  }

  async function countHits(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const increments = ids.map((_id) => ({ updateOne: { filter: { _id }, update: { $inc: { hits: 1 } } } }));
    await collectionOf(models.blacklist).bulkWrite(increments, { ordered: false });
  }

  /** Steps 1 to 3. */
  async function decideGroup(group: readonly Pending[]): Promise<DecidedGroup> {
    const primary = topology.primary();
    if (primary === null) throw noPrimary;
    const snapshot = await snapshots.read(
      group.map(({ request }) => request),
      !topology.isSingle(),
    );
    const decided = group.map((pending) => decideOne(pending, snapshot)).filter((result) => result !== null);
    const result = await write(decided, { areRefreshes: false });
    answerFailed(decided, result);
    return { primary, ...separate(decided, result) };
  }

  /**
   * Step 4. If the primary has changed since the group was read, the old one may never replicate what it showed or
   * accepted, so the group goes back to the queue and is decided again on the new primary.
   */
  async function finishGroup({ primary, written }: DecidedGroup): Promise<void> {
    try {
      const hasPrimaryChanged = () => topology.primary() !== primary;
      let again = written;
      if (!hasPrimaryChanged()) {
        const [refreshes] = await Promise.all([write(written, { areRefreshes: true }), writeRecords(written)]);
        answerFailed(written, refreshes);
        if (!hasPrimaryChanged()) {
          const separated = separate(written, refreshes);
          for (const { pending, decision } of separated.written) answer(pending, decision.outcome);
          again = separated.conflicting;
        }
      }
      for (const { pending } of again) pending.isRepeat = true;
      queue = [...pendingOf(again), ...queue];
    } catch (error) {
      answerUnavailable(pendingOf(written), error);
    }
  }

  async function run(): Promise<void> {
    for (;;) {
      queue = queue.filter(({ isAnswered }) => !isAnswered);
      const group = queue.splice(0, maxGroupSize);
      if (group.length === 0) break;
      try {
        const decided = await decideGroup(group);
        queue = [...pendingOf(decided.conflicting), ...queue];
        await finishing;
        unfinishedGroups += 1;
        finishing = finishGroup(decided).finally(() => {
          unfinishedGroups -= 1;
          start();
        });
      } catch (error) {
        answerUnavailable(group, error);
      }
    }
    isRunning = false;
    if (unfinishedGroups === 0) for (const resolve of drains.splice(0)) resolve();
  }

  function start(): void {
    if (isRunning) return;
    isRunning = true;
    setImmediate(() => void run());
  }

  return {
    decide: (request, rule) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          answerUnavailable([pending], deadlineExceeded);
        }, options.deadlineMs);
        const state = { isAnswered: false, isRepeat: false, hit: null };
        const pending: Pending = { request, rule, attemptId: newAttemptId(), timer, resolve, reject, ...state };
        queue.push(pending);
        start();
      }),
    drain: () =>
      new Promise((resolve) => {
        if (isRunning || unfinishedGroups > 0) drains.push(resolve);
        else resolve();
      }),
  };
}

/** The checks whose licenses were written, and those that have to be decided again. */
function separate(decided: readonly Decided[], { conflicting, failed }: WrittenLicenses) {
  return {
    written: decided.filter(({ working }) => !conflicting.has(working) && !failed.has(working)),
    conflicting: decided.filter(({ working }) => conflicting.has(working)),
  };
}

function blacklistHitOf(decision: Decision): number | null {
  return decision.recorded ? decision.blacklistHit : null;
}

function pendingOf(decided: readonly Decided[]): readonly Pending[] {
  return decided.map(({ pending }) => pending);
}
