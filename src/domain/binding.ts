import type { BindingKind } from './limits.ts';
import { hourMs, minuteMs } from './values/calendar.ts';

/**
 * A binding's `lastSeenAt` is written again once it is older than this, or for slots than a tenth of `forgetAfter` if
 * that is less. Clients check every few minutes: refreshed each minute, nearly every check of a real client would be a
 * write of its own.
 */
export const lastSeenPrecisionMs = hourMs;

/**
 * The same for slots that give way to new values when their kind is full: the one that was seen least recently is found
 * by this time.
 */
export const replaceablePrecisionMs = 10 * minuteMs;

/**
 * The latest instant at which a live slot can have been seen, where slots seen at or before `forgetBefore` have timed
 * out. Slots that were seen later than that were written by a clock that was ahead, and have timed out as well.
 */
export function latestSeen(forgetBefore: Date, now: Date): Date {
  return new Date(2 * now.getTime() - forgetBefore.getTime());
}

/** Whether a slot was last seen within the time after which slots are forgotten; `forgetBefore` null: never. */
export function isSeenWithin(lastSeenAt: Date, forgetBefore: Date | null, now: Date): boolean {
  return forgetBefore === null || (lastSeenAt > forgetBefore && lastSeenAt <= latestSeen(forgetBefore, now));
}

/**
 * An IP, HWID or MAC address that used a license. It takes a slot where its kind is limited, and is an observed value
 * where it is not.
 */
export interface Binding {
  readonly kind: BindingKind;
  readonly value: string;
  readonly firstSeenAt: Date;
  /**
   * As it is stored: behind the last use by up to `lastSeenPrecisionMs`, or less for a slot that is forgotten or replaced
   * by it.
   */
  readonly lastSeenAt: Date;
  /** When a reset released the binding. It no longer counts, and its slot is given away when another value needs it. */
  readonly releasedAt: Date | null;
}

/** A binding that takes a slot. */
export interface Slot extends Binding {
  /**
   * Of an address: the HWID of the machine that took it. Absent: the machine sent none that is limited, or addresses did
   * not follow HWIDs then (`limits.ipMode`).
   */
  readonly hwid?: string;
}
