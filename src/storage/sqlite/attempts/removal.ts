import { setImmediate as pause } from 'node:timers/promises';
import type { SqliteStore } from '../connection.ts';
import type { DeleteStep } from '../steps.ts';
import { idsPerRun } from './roll-up.ts';

/** Entries that follow each other in the index are deleted so fast that a step takes more of them than of rows. */
const entriesPerStep = 8_192;

/**
 * Returns a step that deletes the attempts that `where` finds, the oldest first. The oldest runs of the index by license
 * become empty by that, and `deleteEmptyRuns` deletes a run 9 times faster than its entries one by one. Only entries of
 * later runs are deleted here: of a guild that retains its attempts for a shorter time than another one.
 */
export function deleteAttempts(
  { statement }: SqliteStore,
  where: string,
  params: readonly (string | number)[],
): DeleteStep {
  const oldest = `SELECT id, license_id FROM attempts WHERE ${where} ORDER BY at LIMIT ?`;
  const firstId = statement('SELECT min(id) AS id FROM attempts');
  const entries = statement(`
    DELETE FROM attempt_licenses WHERE (run, license_id, id) IN (
      SELECT id / ${idsPerRun}, license_id, id FROM (${oldest}) WHERE license_id IS NOT NULL AND id >= ?
    )`);
  const attempts = statement(`DELETE FROM attempts WHERE id IN (SELECT id FROM (${oldest}))`);
  return (rows) => {
    const first = firstId.get()?.id as number | null;
    if (first === null) return 0;
    entries.run(...params, rows, (Math.floor(first / idsPerRun) + 2) * idsPerRun);
    return Number(attempts.run(...params, rows).changes);
  };
}

/** Deletes the entries of the oldest runs of the index by license whose attempts were all deleted. */
export async function deleteEmptyRuns(store: SqliteStore): Promise<void> {
  const { statement } = store;
  const ends = statement(`
    SELECT (SELECT min(run) FROM attempt_licenses) AS run,
      coalesce((SELECT min(id) FROM attempts), last_id + 1) AS firstId FROM attempt_roll_up`);
  const edge = statement(`
    SELECT license_id, id FROM attempt_licenses WHERE run = ? ORDER BY license_id, id LIMIT 1 OFFSET ${entriesPerStep}`);
  const upTo = statement('DELETE FROM attempt_licenses WHERE run = ? AND (license_id, id) < (?, ?)');
  const all = statement('DELETE FROM attempt_licenses WHERE run = ?');

  function emptyRun(): number | null {
    const { run, firstId } = ends.get() as { readonly run: number | null; readonly firstId: number };
    return run !== null && run < Math.floor(firstId / idsPerRun) ? run : null;
  }
  function step(): void {
    const run = emptyRun();
    if (run === null) return;
    const next = edge.get(run);
    if (next) upTo.run(run, next.license_id as number, next.id as number);
    else all.run(run);
  }

  while ((await store.read(emptyRun)) !== null) {
    await store.write(step);
    await pause();
  }
}
