import type { Binding } from './binding.ts';
import { addDays, dayMs, isFromWrongClock } from './values/calendar.ts';
import type { Settings } from './settings/settings.ts';

const freeAfterDays = 7;
const longestWindowDays = 30;

/**
 * When the owner may reset a license next, after resets at these instants: at most `reset.perDay` within 24 hours and
 * `reset.per30Days` within 30 days. null: now. `off`: owners may not reset licenses in this guild. A reset that lies
 * further in the future than a window is long was made by a clock that was ahead, and does not count in it.
 */
export function nextReset(resets: readonly Date[], settings: Settings, now: Date): Date | 'off' | null {
  const perDay = settings['reset.perDay'];
  const per30Days = settings['reset.per30Days'];
  if (perDay === 0 || per30Days === 0) return 'off';
  const ends = [windowEnd(resets, perDay, 1, now), windowEnd(resets, per30Days, longestWindowDays, now)].filter(
    (end) => end !== null,
  );
  const latest = Math.max(...ends.map((end) => end.getTime()), now.getTime());
  return latest > now.getTime() ? new Date(latest) : null;
}

/** The instants of the last 30 days. Those of a clock that was ahead do not count, as in `nextReset`. */
export function withinLast30Days(instants: readonly Date[], now: Date): readonly Date[] {
  return resetsWithin(instants, longestWindowDays, now);
}

/**
 * Whether releasing a binding does not count as a reset, because it has not been seen for 7 days. Of one that was seen
 * over 7 days in the future, by a clock that was ahead, the last use is unknown, and it is free as well.
 */
export function isFreeToRelease(binding: Binding, now: Date): boolean {
  return Math.abs(now.getTime() - binding.lastSeenAt.getTime()) >= freeAfterDays * dayMs;
}

function resetsWithin(resets: readonly Date[], days: number, now: Date): readonly Date[] {
  return resets.filter((at) => at > addDays(now, -days) && !isFromWrongClock(at, days * dayMs, now));
}

/** When the oldest of the last `count` resets leaves the window of `days`; null: there were fewer resets. */
function windowEnd(resets: readonly Date[], count: number, days: number, now: Date): Date | null {
  const oldest = resetsWithin(resets, days, now)
    .toSorted((a, b) => a.getTime() - b.getTime())
    .at(-count);
  return oldest ? addDays(oldest, days) : null;
}
