import { setImmediate as nextTick } from 'node:timers/promises';
import type { Slot } from '../../domain/binding.ts';
import { type BindingRelease, maxClockDifferenceMs } from '../binding-releases.ts';
import type { Models } from './database/models.ts';
import { rowsPerStep } from './steps.ts';

/** The slots after the releases. */
export function releaseSlots(slots: readonly Slot[], releases: readonly BindingRelease[]): readonly Slot[] {
  return releases.reduce(
    (released, { kind, value, from, to }) =>
      released.map((slot) => {
        const isReleased =
          slot.kind === kind &&
          (value === null || slot.value === value) &&
          slot.releasedAt?.getTime() === from?.getTime();
        return isReleased ? { ...slot, releasedAt: to } : slot;
      }),
    slots,
  );
}

/**
 * Releases the observed values of a license. There may be a million of them, so they are changed in steps, after the
 * license itself; this delays no check, because checks do not read them. A value that is used again in the meantime has
 * a later `lastSeenAt` and is not released. One that lies in the future was used before, when the clock was ahead.
 */
export async function releaseObserved(
  { observedValues }: Models,
  { licenseId, kind, value, from, to }: BindingRelease,
  now: Date,
): Promise<void> {
  const ofKind = { licenseId, kind };
  const future = new Date(now.getTime() + maxClockDifferenceMs);
  const isUsedBefore = [{ lastSeenAt: { $lte: to ?? from } }, { lastSeenAt: { $gt: future } }];
  const state = { releasedAt: from, $or: isUsedBefore };
  const released = { $set: { releasedAt: to } };
  if (value !== null) {
    await observedValues.updateMany({ ...ofKind, value, ...state }, released);
    return;
  }
  let after: string | null = '';
  while (after !== null) {
    const begin: string = after;
    const last = await observedValues
      .findOne({ ...ofKind, value: { $gt: begin } })
      .sort({ value: 1 })
      .skip(rowsPerStep - 1)
      .select({ value: 1 })
      .lean();
    const step = last ? { $gt: begin, $lte: last.value } : { $gt: begin };
    await observedValues.updateMany({ ...ofKind, value: step, ...state }, released);
    after = last?.value ?? null;
    await nextTick();
  }
}
