import type { AttemptQuery } from '../../port/attempts.ts';
import type { Row } from '../columns.ts';
import type { SqliteStore } from '../connection.ts';
import { rowsPerWindow, scan, type Window } from '../steps.ts';
import { attemptNames, createRun, filterOf, paramsOf } from './query.ts';
import { idsPerRun } from './roll-up.ts';

/** In how many runs one read transaction looks; each takes some microseconds. */
const runsPerWindow = 256;

interface Ends {
  /** The last id that was rolled up. */
  readonly last: number;
  readonly newest: number | null;
  readonly oldestRun: number | null;
}

/**
 * Returns a search of one license's attempts, newest first by id: first among those that were not rolled up yet, which
 * are few thousand, and then in one run of the index after the other.
 */
export function createLicenseSearch(store: SqliteStore) {
  const run = createRun(store);
  const ends = store.statement(`
    SELECT last_id AS last, (SELECT max(id) FROM attempts) AS newest,
      (SELECT min(run) FROM attempt_licenses) AS oldestRun FROM attempt_roll_up`);
  const idsInRun = store.statement(`
    SELECT id FROM attempt_licenses WHERE run = ? AND license_id = ? AND id < ? ORDER BY id DESC LIMIT ${rowsPerWindow}`);

  return (
    guildId: string,
    query: AttemptQuery & { readonly licenseId: number },
    startId: number,
    limit: number,
  ): Promise<readonly Row[]> => {
    const params = paramsOf(guildId, query);
    // `+`: the attempts are read by id, and not by the index of all attempts of the guild.
    const rest = `+guild_id = :guild AND at >= :since AND ${filterOf(query)}`;
    const freshSql = `SELECT ${attemptNames} FROM attempts a
      WHERE a.id >= :low AND a.id < :before AND a.license_id = :license AND ${rest}
      ORDER BY a.id DESC LIMIT :limit`;
    const indexedSql = `SELECT ${attemptNames} FROM attempt_licenses l CROSS JOIN attempts a ON a.id = l.id
      WHERE l.run = :run AND l.license_id = :license AND l.id >= :low AND l.id < :before AND ${rest}
      ORDER BY l.id DESC LIMIT :limit`;

    function readRuns(from: number, oldestRun: number, wanted: number): Window<Row, number> {
      const found: Row[] = [];
      let before = from;
      let rows = 0;
      for (let runs = 0; runs < runsPerWindow && rows < rowsPerWindow && found.length < wanted; runs += 1) {
        const number = Math.floor((before - 1) / idsPerRun);
        if (number < oldestRun) return { found, next: null };
        const ids = idsInRun.all(number, query.licenseId, before);
        const isCut = ids.length === rowsPerWindow;
        const low = isCut ? (ids.at(-1)?.id as number) : number * idsPerRun;
        const bounds = { run: number, low, before, limit: wanted - found.length };
        if (ids.length > 0) found.push(...run(indexedSql, { ...params, ...bounds }));
        before = low;
        rows += ids.length;
      }
      return { found, next: before };
    }

    return scan(store, startId, limit, (from, wanted) => {
      const { last, newest, oldestRun } = ends.get() as unknown as Ends;
      const before = Math.min(from, (newest ?? 0) + 1);
      if (before > last + 1) {
        const low = Math.max(last + 1, before - rowsPerWindow);
        return { found: run(freshSql, { ...params, low, before, limit: wanted }), next: low };
      }
      return oldestRun === null ? { found: [], next: null } : readRuns(before, oldestRun, wanted);
    });
  };
}
