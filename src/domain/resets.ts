import type { Binding } from './binding.ts';
import { addDays, dayMs } from './values/calendar.ts';
import type { Settings } from './settings/settings.ts';

const freeAfterDays = 7;

/**
 * When the owner may reset a license next, after resets at these instants: at most `reset.perDay` within 24 hours and
 * `reset.per30Days` within 30 days. null: now. `off`: owners may not reset licenses in this guild.
 */
export function nextReset(resets: readonly Date[], settings: Settings, now: Date): Date | 'off' | null {
  const perDay = settings['reset.perDay'];
  const per30Days = settings['reset.per30Days'];
  if (perDay === 0 || per30Days === 0) return 'off';
  const ends = [windowEnd(resets, perDay, 1), windowEnd(resets, per30Days, 30)].filter((end) => end !== null);
  const latest = Math.max(...ends.map((end) => end.getTime()), now.getTime());
  return latest > now.getTime() ? new Date(latest) : null;
}

/** Whether releasing a binding does not count as a reset, because it has not been seen for 7 days. */
export function isFreeToRelease(binding: Binding, now: Date): boolean {
  return now.getTime() - binding.lastSeenAt.getTime() >= freeAfterDays * dayMs;
}

/** When the oldest of the last `count` resets leaves the window of `days`; null: there were fewer resets. */
function windowEnd(resets: readonly Date[], count: number, days: number): Date | null {
  const oldest = resets.toSorted((a, b) => a.getTime() - b.getTime()).at(-count);
  return oldest ? addDays(oldest, days) : null;
}
