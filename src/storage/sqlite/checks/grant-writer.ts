import { lastSeenPrecisionMs } from '../../../domain/binding.ts';
import type { GrantWrites } from '../../../domain/decision.ts';
import type { License } from '../../../domain/license.ts';
import type { Prepare } from '../database/database.ts';
import { updateSql } from '../columns.ts';
import { seenBounds } from '../licenses/binding-columns.ts';
import { replacementColumns } from '../licenses/columns.ts';

/** Stores the changes that come with a grant, inside the caller's transaction. */
export type GrantWriter = (license: License, at: Date, writes: GrantWrites) => void;

export function createGrantWriter(statement: Prepare): GrantWriter {
  const removeFreeSlots = statement(`
    DELETE FROM slots WHERE license_id = ? AND kind = ? AND (released_at IS NOT NULL OR last_seen <= ? OR last_seen > ?)`);
  const takeSlot = statement(`
    INSERT INTO slots (license_id, kind, value, first_seen, last_seen, released_at, hwid) VALUES (?, ?, ?, ?, ?, NULL, ?)
    ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen, released_at = NULL, hwid = excluded.hwid`);
  const removeSlot = statement('DELETE FROM slots WHERE license_id = ? AND kind = ? AND value = ?');
  const refreshSlot = statement('UPDATE slots SET last_seen = ? WHERE license_id = ? AND kind = ? AND value = ?');
  const observeValue = statement(`
    INSERT INTO observed_values (license_id, guild_id, kind, value, first_seen, last_seen, released_at)
    VALUES (?, ?, ?, ?, ?, ?, NULL)
    ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen, released_at = NULL
    WHERE last_seen <= ? OR last_seen > ? OR released_at IS NOT NULL`);
  // An activation without an end of its own leaves the license's end as it is.
  const activate = statement('UPDATE licenses SET activated_at = ?, expires_at = coalesce(?, expires_at) WHERE id = ?');
  const setReplacements = statement(updateSql('licenses', replacementColumns.names));
  const setPoints = statement('UPDATE licenses SET points_left = ?, points_refilled_at = ? WHERE id = ?');

  return (license, at, writes) => {
    const now = at.getTime();
    for (const { kind, value, forgetBefore, replaces = [], hwid = null } of writes.take) {
      removeFreeSlots.run(license.id, kind, ...seenBounds(forgetBefore, at));
      for (const replaced of replaces) removeSlot.run(license.id, kind, replaced);
      takeSlot.run(license.id, kind, value, now, now, hwid);
    }
    for (const { kind, value } of writes.refresh) refreshSlot.run(now, license.id, kind, value);
    for (const { kind, value } of writes.observed) {
      const [exactBefore, exactAfter] = [now - lastSeenPrecisionMs, now + lastSeenPrecisionMs];
      observeValue.run(license.id, license.guildId, kind, value, now, now, exactBefore, exactAfter);
    }
    const { activation, points, replacements } = writes;
    if (replacements) setReplacements.run(...replacementColumns.valuesOf({ replacements }), license.id);
    if (points) setPoints.run(points.left, points.refilledAt?.getTime() ?? null, license.id);
    if (activation) activate.run(activation.at.getTime(), activation.expiresAt?.getTime() ?? null, license.id);
  };
}
