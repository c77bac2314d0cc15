import { setImmediate as pause } from 'node:timers/promises';
import type { Binding } from '../../domain/binding.ts';
import type { Mark } from '../binding-releases.ts';
import type { Models } from './models.ts';
import { rowsPerStep } from './steps.ts';

/** The slots as the marks leave them. */
export function markSlots(slots: readonly Binding[], marks: readonly Mark[]): readonly Binding[] {
  return marks.reduce(
    (marked, { kind, value, from, to }) =>
      marked.map((slot) => {
        const isMarked =
          slot.kind === kind &&
          (value === null || slot.value === value) &&
          slot.forgottenAt?.getTime() === from?.getTime();
        return isMarked ? { ...slot, forgottenAt: to } : slot;
      }),
    slots,
  );
}

/**
 * Seen values may be a million on one license, so they are marked in steps, after the license. No check ever reads them;
 * what is used again meanwhile stays seen.
 */
export async function markSeen({ seen }: Models, { licenseId, kind, value, from, to }: Mark): Promise<void> {
  const ofKind = { licenseId, kind };
  const state = { forgottenAt: from, lastSeenAt: { $lte: to ?? from } };
  const marked = { $set: { forgottenAt: to } };
  if (value !== null) {
    await seen.updateMany({ ...ofKind, value, ...state }, marked);
    return;
  }
  let after: string | null = '';
  while (after !== null) {
    const begin: string = after;
    const last = await seen
      .findOne({ ...ofKind, value: { $gt: begin } })
      .sort({ value: 1 })
      .skip(rowsPerStep - 1)
      .select({ value: 1 })
      .lean();
    const step = last ? { $gt: begin, $lte: last.value } : { $gt: begin };
    await seen.updateMany({ ...ofKind, value: step, ...state }, marked);
    after = last?.value ?? null;
    await pause();
  }
}
