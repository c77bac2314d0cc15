import type { CheckOutcome, Decision, DecisionRule } from '../../../domain/decision.ts';
import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Checks } from '../../port/checks.ts';
import { StoreUnavailableError } from '../../port/errors.ts';
import type { Vault } from '../../vault.ts';
import { createAttemptWriter } from './attempt-writer.ts';
import type { BundleCache } from '../bundles/bundle-cache.ts';
import type { Topology } from '../clients.ts';
import { collectionOf, type Models } from '../models.ts';
import { createAttemptIds } from '../ids.ts';
import { createObservedValueWriter } from './observed-value-writer.ts';
import { createSnapshots, type GroupSnapshot, type CheckedRequest, snapshotOf } from './snapshots.ts';
import { asStoreError } from '../errors.ts';
import type { WorkingLicense } from './working-license.ts';

export interface ChecksOptions {
  /** On the client that waits for nothing long. */
  readonly models: Models;
  readonly topology: Topology;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly cache: BundleCache;
  /** After so long a check that could not be committed is answered `store-unavailable`. */
  readonly deadlineMs: number;
  /** Why checks are answered `store-unavailable`. */
  readonly onError: (error: unknown) => void;
}

interface Pending {
  readonly request: CheckRequest;
  readonly rule: DecisionRule;
  /** Made at arrival and kept however often it is decided. */
  readonly attemptId: number;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (outcome: CheckOutcome) => void;
  readonly reject: (error: unknown) => void;
  isSettled: boolean;
  /** Some of what it decided may be stored. */
  isRepeat: boolean;
  /** The blacklist entry in which it is counted. */
  hit: number | null;
}

interface Decided {
  readonly pending: Pending;
  readonly placed: CheckedRequest;
  readonly working: WorkingLicense | null;
  readonly decision: Decision;
  readonly at: Date;
}

interface DecidedGroup {
  /** On which all of it happened so far. */
  readonly primary: string;
  readonly winners: readonly Decided[];
  /** To be decided again. */
  readonly losers: readonly Pending[];
}

const groupSize = 256;
const unavailable: CheckOutcome = { result: 'denied', denial: 'store-unavailable', detail: null };
const noPrimary = new StoreUnavailableError('MongoDB cannot be reached, or has no primary at the moment.');
const tooSlow = new StoreUnavailableError('MongoDB did not answer in time.');

/**
 * Checks in groups: while one group is at the store the next forms. Each group reads the bundle version and its licenses at once,
 * decides in memory, writes the licenses that changed, each only if nobody was faster, and then the attempts. While it
 * waits for those the next one reads: what it finds is what it would find in another process.
 */
export function createChecks(options: ChecksOptions): Checks {
  const { models, topology, cache, now } = options;
  const newAttemptId = createAttemptIds(now, options.random);
  const by = options.random(6).toString('base64url');
  const snapshots = createSnapshots(models, options.vault, cache, now, Math.round((options.deadlineMs * 4) / 9));
  const writeAttempts = createAttemptWriter(models, newAttemptId);
  const writeObserved = createObservedValueWriter(models);

  let queue: Pending[] = [];
  let isRunning = false;
  /** Groups whose attempts are being written: the last of them. */
  let finishing: Promise<void> = Promise.resolve();
  let unfinished = 0;
  const drains: (() => void)[] = [];

  function settle(pending: Pending, outcome: CheckOutcome): void {
    if (pending.isSettled) return;
    pending.isSettled = true;
    clearTimeout(pending.timer);
    pending.resolve(outcome);
  }

  function fail(pending: Pending, error: unknown): void {
    if (pending.isSettled) return;
    pending.isSettled = true;
    clearTimeout(pending.timer);
    pending.reject(error);
  }

  function refuse(group: readonly Pending[], failure: unknown): void {
    const open = group.filter(({ isSettled }) => !isSettled);
    for (const pending of open) settle(pending, unavailable);
    if (open.length > 0) options.onError(asStoreError(failure));
  }

  function decideOne(pending: Pending, snapshot: GroupSnapshot): Decided | null {
    // Told already that the store is not available: a slot, a point or an attempt would say something else.
    if (pending.isSettled) return null;
    const placed = snapshot.place(pending.request);
    if ('unknownGuild' in placed) {
      settle(pending, { result: 'unknown-guild', reason: placed.unknownGuild });
      return null;
    }
    if ('unreadable' in placed) {
      refuse([pending], placed.unreadable);
      return null;
    }
    const working = placed.lookup === null ? null : snapshot.license(placed.lookup);
    const at = now();
    try {
      const decision = pending.rule(snapshotOf(options.vault, placed, working, at));
      if (decision.recorded && decision.writes) working?.apply(decision.writes, at);
      return { pending, placed, working, decision, at };
    } catch (error) {
      fail(pending, error);
      return null;
    }
  }

  /**
   * `lost`: those that somebody else changed in between, and all that was decided on them is void. `failed`: those that
   * cannot be written, though the store is there, and why.
   */
  async function writeLicenses(decided: readonly Decided[]) {
    const conflict = new Set<WorkingLicense | null>();
    const failed = new Map<WorkingLicense | null, unknown>();
    const workings = new Set(decided.map(({ working }) => working));
    const writes = [...workings].map(async (working) => {
      const change = working?.update();
      if (!change) return;
      try {
        const { matchedCount } = await models.licenses.updateOne(change.filter, change.update);
        if (matchedCount === 0) conflict.add(working);
      } catch (error) {
        failed.set(working, asStoreError(error));
      }
    });
    await Promise.all(writes);
    for (const failure of failed.values()) if (failure instanceof StoreUnavailableError) throw failure;
    return { conflict, failed };
  }

  async function writeEntry(decided: readonly Decided[]): Promise<void> {
    const attempts = decided.flatMap(({ pending: { attemptId: _id, isRepeat }, placed, decision, at }) => {
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

  /** Up to the licenses that changed. */
  async function decideGroup(group: readonly Pending[]): Promise<DecidedGroup> {
    const primary = topology.primary();
    if (primary === null) throw noPrimary;
    const snapshot = await snapshots.read(
      group.map(({ request }) => request),
      !topology.isSingle(),
    );
    const decided = group.map((pending) => decideOne(pending, snapshot)).filter((one) => one !== null);
    const { conflict, failed } = await writeLicenses(decided);
    for (const [license, failure] of failed)
      refuse(pendingOf(decided.filter(({ working }) => working === license)), failure);
    const winners = decided.filter(({ working }) => !conflict.has(working) && !failed.has(working));
    return { primary, winners, losers: pendingOf(decided.filter(({ working }) => conflict.has(working))) };
  }

  /** Stores the attempts and answers; what one primary showed may never come to be on another, and is decided again. */
  async function finishGroup({ primary, winners }: DecidedGroup): Promise<void> {
    try {
      const isElsewhere = () => topology.primary() !== primary;
      if (!isElsewhere()) await writeEntry(winners);
      if (!isElsewhere()) {
        for (const { pending, decision } of winners) settle(pending, decision.outcome);
        return;
      }
      for (const { pending } of winners) pending.isRepeat = true;
      queue = [...pendingOf(winners), ...queue];
    } catch (error) {
      refuse(pendingOf(winners), error);
    }
  }

  async function run(): Promise<void> {
    for (;;) {
      queue = queue.filter(({ isSettled }) => !isSettled);
      const group = queue.splice(0, groupSize);
      if (group.length === 0) break;
      try {
        const decided = await decideGroup(group);
        queue = [...decided.losers, ...queue];
        await finishing;
        unfinished += 1;
        finishing = finishGroup(decided).finally(() => {
          unfinished -= 1;
          start();
        });
      } catch (error) {
        refuse(group, error);
      }
    }
    isRunning = false;
    if (unfinished === 0) for (const resolve of drains.splice(0)) resolve();
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
          refuse([pending], tooSlow);
        }, options.deadlineMs);
        const state = { isSettled: false, isRepeat: false, hit: null };
        const pending: Pending = { request, rule, attemptId: newAttemptId(), timer, resolve, reject, ...state };
        queue.push(pending);
        start();
      }),
    drain: () =>
      new Promise((resolve) => {
        if (isRunning || unfinished > 0) drains.push(resolve);
        else resolve();
      }),
  };
}

function blacklistHitOf(decision: Decision): number | null {
  return decision.recorded ? decision.blacklistHit : null;
}

function pendingOf(decided: readonly Decided[]): readonly Pending[] {
  return decided.map(({ pending }) => pending);
}
