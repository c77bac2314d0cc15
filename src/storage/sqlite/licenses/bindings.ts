import type { Slot } from '../../../domain/binding.ts';
import { type BindingKind, bindingKinds } from '../../../domain/limits.ts';
import { effectiveForgetAfter, effectiveLimits } from '../../../domain/effective-limits.ts';
import { minuteMs } from '../../../domain/values/calendar.ts';
import type { Licenses } from '../../port/licenses.ts';
import type { SqliteStore } from '../connection.ts';
import { rowsPerWindow, scan, type Window } from '../steps.ts';
import { findLicense } from './find.ts';
import { bindingColumns, seenBounds, slotFromRow, slotNames } from './binding-columns.ts';
import type { Row } from '../columns.ts';

interface BindingList {
  readonly bindings: readonly Slot[];
  readonly count: number;
}

interface KindState {
  readonly kind: BindingKind;
  readonly isLimited: boolean;
  /** The bounds between which a live slot was last used. */
  readonly seen: readonly [after: number, until: number];
}

const names = bindingColumns.names.join(', ');
const lastSeen = (row: Row) => row.last_seen as number;
const noCounts = { ip: 0, hwid: 0, mac: 0 };

export function createLicenseBindings(store: SqliteStore): Pick<Licenses, 'bindings'> {
  const { statement } = store;

  function kindsOf(guildId: string, licenseId: number): readonly KindState[] {
    const license = findLicense(store, guildId, { id: licenseId });
    const bundle = store.bundle(guildId);
    const product = license && bundle?.products.byId(license.productId);
    if (!license || !bundle || !product) return [];
    const limits = effectiveLimits(license, product, bundle.settings);
    const forgetAfter = effectiveForgetAfter(license, bundle.settings);
    return bindingKinds.map((kind) => {
      const minutes = forgetAfter[kind];
      const now = store.now();
      const forgetBefore = minutes === null ? null : new Date(now.getTime() - minutes * minuteMs);
      return { kind, isLimited: limits[kind] !== null, seen: seenBounds(forgetBefore, now) };
    });
  }

  /** The license's slots of a kind that were neither released nor timed out. There are 1,000 at most. */
  function liveSlots(licenseId: number, { kind, seen }: KindState, limit: number): BindingList {
    const live = 'license_id = ? AND kind = ? AND released_at IS NULL AND last_seen > ? AND last_seen <= ?';
    const params = [licenseId, kind, ...seen] as const;
    const sql = `SELECT ${slotNames.join(', ')} FROM slots WHERE ${live} ORDER BY last_seen DESC, value LIMIT ?`;
    const rows = statement(sql).all(...params, limit);
    const { count } = statement(`SELECT count(*) AS count FROM slots WHERE ${live}`).get(...params) as {
      count: number;
    };
    return { bindings: rows.map(slotFromRow), count };
  }

  /**
   * Reads all observed values window by window, and keeps only the newest `limit` in memory: there may be a million.
   */
  async function observedValues(licenseId: number, kind: BindingKind, limit: number): Promise<BindingList> {
    const sql = `SELECT ${names} FROM observed_values WHERE license_id = ? AND kind = ? AND value > ?
      ORDER BY value LIMIT ${rowsPerWindow}`;
    let newest: readonly Row[] = [];
    const counts = await scan(store, '', Infinity, (after): Window<number, string> => {
      const rows = statement(sql).all(licenseId, kind, after);
      const unreleased = rows.filter((row) => row.released_at === null);
      newest = [...newest, ...unreleased].sort((a, b) => lastSeen(b) - lastSeen(a)).slice(0, limit);
      return {
        found: [unreleased.length],
        next: rows.length < rowsPerWindow ? null : ((rows.at(-1)?.value as string | undefined) ?? null),
      };
    });
    return { bindings: newest.map(bindingColumns.fromRow), count: sum(counts) };
  }

  return {
    bindings: async (guildId, licenseId, limit) => {
      const kinds = await store.read(() =>
        kindsOf(guildId, licenseId).map((kind) => ({
          kind: kind.kind,
          slots: kind.isLimited ? liveSlots(licenseId, kind, limit) : null,
        })),
      );
      const bindings: Slot[] = [];
      const counts = { ...noCounts };
      for (const { kind, slots } of kinds) {
        const { bindings: listed, count } = slots ?? (await observedValues(licenseId, kind, limit));
        bindings.push(...listed);
        counts[kind] = count;
      }
      return { bindings, counts };
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
