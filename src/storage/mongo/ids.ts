import { createHash } from 'node:crypto';
import type { BindingKind } from '../../domain/limits.ts';
import { clockToleranceMs } from '../port/coordination.ts';
import type { Models } from './database/models.ts';

export type Counter = 'license' | 'product' | 'customer' | 'api-key' | 'blacklist' | 'audit' | 'alert' | 'effect';

/**
 * Returns the first of `count` new consecutive numbers. No number is given out twice, not even after its document was
 * removed.
 */
export async function takeNumbers(models: Models, name: Counter, count: number): Promise<number> {
  const counter = await models.counters
    .findOneAndUpdate({ _id: name }, { $inc: { value: count } }, { upsert: true, returnDocument: 'after' })
    .lean();
  return counter.value - count + 1;
}

/** An attempt's id is its arrival in ms since 2025, times 8192, plus a number of its own: below 2^53 until 2059. */
const epochMs = Date.UTC(2025, 0, 1);
const idsPerMs = 8192;

/** The lowest id that an attempt of this instant can have. */
export function attemptIdAt(at: Date): number {
  return (at.getTime() - epochMs) * idsPerMs;
}

/** The instant that an attempt's id is made of. */
export function instantOfAttemptId(id: number): Date {
  return new Date(Math.floor(id / idsPerMs) + epochMs);
}

/** An attempt has the id of its arrival and the time of its decision, which is at most this much later. */
const decidedWithinMs = 2_000;

/** No attempt that was decided since the instant has a lower id. */
export function lowestAttemptIdSince(since: Date): number {
  return attemptIdAt(new Date(since.getTime() - decidedWithinMs));
}

export interface AttemptId {
  readonly id: number;
  /** Who made the id, because two processes may make the same one. */
  readonly by: string;
}

/**
 * Makes ids that ascend within this process. The lower bits begin at random, so that two processes seldom make the same
 * id. When the clock is set back, the ids go back with it, because readers wait for the instant of an id. They then
 * come in another name, since this process may have made some of them before.
 */
export function createAttemptIds(now: () => Date, random: (bytes: number) => Buffer): () => AttemptId {
  const newName = () => random(6).toString('base64url');
  let by = newName();
  let last = 0;
  return () => {
    const at = now().getTime();
    const lowest = attemptIdAt(new Date(at));
    const isAhead = last > attemptIdAt(new Date(at + clockToleranceMs));
    if (isAhead) by = newName();
    if (isAhead || last < lowest) last = lowest + (random(2).readUInt16LE() % (idsPerMs / 2));
    else last += 1;
    return { id: last, by };
  };
}

/** The `_id` of an observed value: a hash, because the value itself may be longer than an index key should be. */
export function observedValueId(licenseId: number, kind: BindingKind, value: string): string {
  return createHash('sha256').update(`${licenseId} ${kind} ${value}`, 'utf16le').digest('base64url');
}
