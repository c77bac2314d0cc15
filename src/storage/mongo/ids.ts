import { createHash } from 'node:crypto';
import type { BindingKind } from '../../domain/limits.ts';
import type { Models } from './models.ts';

export type Counter = 'license' | 'product' | 'api-key' | 'blacklist' | 'audit' | 'alert' | 'effect';

/** The first of `count` new numbers. A number is never given twice, also after its document was removed. */
export async function takeNumbers(models: Models, name: Counter, count: number): Promise<number> {
  const counter = await models.counters
    .findOneAndUpdate({ _id: name }, { $inc: { value: count } }, { upsert: true, returnDocument: 'after' })
    .lean();
  return counter.value - count + 1;
}

/** Ids of attempts: milliseconds since 2025 and 13 more bits, below 2^53 until 2059. */
const epochMs = Date.UTC(2025, 0, 1);
const idsPerMs = 8192;

/** The lowest id that an attempt of this instant can have. */
export function attemptIdAt(at: Date): number {
  return (at.getTime() - epochMs) * idsPerMs;
}

/** Ids that ascend in this process, and seldom meet those of another: the lower bits begin at random. */
export function createAttemptIds(now: () => Date, random: (bytes: number) => Buffer): () => number {
  let last = 0;
  return () => {
    const lowest = attemptIdAt(now());
    if (last < lowest) last = lowest + (random(2).readUInt16LE() % (idsPerMs / 2));
    else last += 1;
    return last;
  };
}

/** What a seen value is stored under: its hash, because a value is longer than an index likes. */
export function observedValueId(licenseId: number, kind: BindingKind, value: string): string {
  return createHash('sha256').update(`${licenseId} ${kind} ${value}`, 'utf16le').digest('base64url');
}
