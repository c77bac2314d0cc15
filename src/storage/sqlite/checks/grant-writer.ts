import type { GrantWrites } from '../../../domain/decision.ts';
import type { License } from '../../../domain/license.ts';
import { minuteMs } from '../../../domain/calendar.ts';
import type { Prepare } from '../database.ts';

/** Stores what a grant changes inside the caller's transaction. */
export type GrantWriter = (license: License, at: Date, writes: GrantWrites) => void;

/** Seen values are exact to the minute: within it, seeing one again dirties no page. */
const seenPrecisionMs = minuteMs;

export function createGrantWriter(statement: Prepare): GrantWriter {
  const free = statement(`
    DELETE FROM slots WHERE license_id = ? AND kind = ? AND (released_at IS NOT NULL OR last_seen <= ?)`);
  const take = statement(`
    INSERT INTO slots (license_id, kind, value, first_seen, last_seen, released_at) VALUES (?, ?, ?, ?, ?, NULL)
    ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen, released_at = NULL`);
  const refresh = statement('UPDATE slots SET last_seen = ? WHERE license_id = ? AND kind = ? AND value = ?');
  const see = statement(`
    INSERT INTO observed_values (license_id, guild_id, kind, value, first_seen, last_seen, released_at)
    VALUES (?, ?, ?, ?, ?, ?, NULL)
    ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen, released_at = NULL
    WHERE last_seen <= ? OR released_at IS NOT NULL`);
  // a date that the license has already is never lost to an activation
  const activate = statement('UPDATE licenses SET activated_at = ?, expires_at = coalesce(?, expires_at) WHERE id = ?');

  const spend = statement('UPDATE licenses SET points_left = ?, points_refilled_at = ? WHERE id = ?');

  return (license, at, writes) => {
    const now = at.getTime();
    for (const { kind, value, forgetBefore } of writes.take) {
      free.run(license.id, kind, forgetBefore?.getTime() ?? Number.MIN_SAFE_INTEGER);
      take.run(license.id, kind, value, now, now);
    }
    for (const { kind, value } of writes.refresh) refresh.run(now, license.id, kind, value);
    for (const { kind, value } of writes.observed) {
      see.run(license.id, license.guildId, kind, value, now, now, now - seenPrecisionMs);
    }
    const { activation, points } = writes;
    if (points) spend.run(points.left, points.refilledAt?.getTime() ?? null, license.id);
    if (activation) activate.run(activation.at.getTime(), activation.expiresAt?.getTime() ?? null, license.id);
  };
}
