import { setImmediate as pause } from 'node:timers/promises';
import { type BindingRelease, maxClockDifferenceMs } from '../binding-releases.ts';
import type { SqliteStore } from './connection.ts';
import { rowsPerStep } from './steps.ts';

/** A release whose observed values after `after` are still to be released. null: the release is complete. */
export interface ReleaseProgress {
  readonly release: BindingRelease;
  readonly after: string | null;
}

/** Inside `write`: releases all slots, of which a license has 3,000 at most, and the first observed values. */
export function beginRelease(store: SqliteStore, release: BindingRelease): ReleaseProgress {
  store
    .statement(
      `UPDATE slots SET released_at = ?1
       WHERE license_id = ?2 AND kind = ?3 AND (?4 IS NULL OR value = ?4) AND released_at IS ?5`,
    )
    .run(
      release.to?.getTime() ?? null,
      release.licenseId,
      release.kind,
      release.value,
      release.from?.getTime() ?? null,
    );
  return { release, after: releaseObservedStep(store, release, '') };
}

/**
 * A license may have a million observed values, so the other ones are released in steps after the commit of the change.
 * That is safe, because no check reads them. A value that is used after the change is not released: its `last_seen` is
 * later than the change. One that lies in the future was used before, when the clock was ahead.
 */
export async function finishRelease(store: SqliteStore, { release, after }: ReleaseProgress): Promise<void> {
  let position = after;
  while (position !== null) {
    await pause();
    const from = position;
    position = await store.write(() => releaseObservedStep(store, release, from));
  }
}

/** Releases the next `rowsPerStep` observed values and returns the last of them. null: there are no more. */
function releaseObservedStep(store: SqliteStore, release: BindingRelease, after: string): string | null {
  const update = 'UPDATE observed_values SET released_at = :to WHERE license_id = :id AND kind = :kind';
  const state = 'AND released_at IS :from AND (last_seen <= :at OR last_seen > :future)';
  const from = release.from?.getTime() ?? null;
  const to = release.to?.getTime() ?? null;
  const future = store.now().getTime() + maxClockDifferenceMs;
  const named = { id: release.licenseId, kind: release.kind, from, to, at: to ?? from, future };
  if (release.value !== null) {
    store.statement(`${update} AND value = :value ${state}`).run({ ...named, value: release.value });
    return null;
  }
  const step =
    'SELECT value FROM observed_values WHERE license_id = ? AND kind = ? AND value > ? ORDER BY value LIMIT 1 OFFSET ?';
  const row = store.statement(step).get(release.licenseId, release.kind, after, rowsPerStep - 1);
  if (!row) {
    store.statement(`${update} AND value > :after ${state}`).run({ ...named, after });
    return null;
  }
  const last = row.value as string;
  store.statement(`${update} AND value > :after AND value <= :last ${state}`).run({ ...named, after, last });
  return last;
}
