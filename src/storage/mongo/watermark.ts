import { isFromWrongClock } from '../../domain/values/calendar.ts';
import { clockToleranceMs } from '../port/coordination.ts';

/**
 * Ids are given out before their documents are stored, so a document with a lower id can still appear after one with a
 * higher id was read. A write of a check ends within 2 s, and the clocks of the processes agree within 2 s: what was
 * stored more than 5 s ago has no such predecessor.
 */
const watermarkDelayMs = 5_000;

/** The instant before which the log is complete: a reader that goes on from there by id misses nothing. */
export function watermarkAt(now: Date): Date {
  return new Date(now.getTime() - watermarkDelayMs);
}

/**
 * The leading part of `ordered` (by ascending id) that is complete: it ends before the first record above the
 * watermark. A record that lies further in the future than the clocks differ was stored by a clock that was ahead, and
 * holds up no later one.
 */
export function upToWatermark<T>(ordered: readonly T[], storedAt: (record: T) => Date, now: Date): readonly T[] {
  const watermark = watermarkAt(now);
  const firstAbove = ordered.findIndex((record) => {
    const at = storedAt(record);
    return at > watermark && !isFromWrongClock(at, clockToleranceMs, now);
  });
  return firstAbove === -1 ? ordered : ordered.slice(0, firstAbove);
}
