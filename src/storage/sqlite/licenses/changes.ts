import type { License } from '../../../domain/license.ts';
import type { Licenses } from '../../port/licenses.ts';
import type { SqliteStore } from '../connection.ts';
import { forgetMarks, rememberMarks } from '../../binding-releases.ts';
import { beginMark, finishMark, type MarkRest } from '../binding-releases.ts';
import { assignments, changeableColumns, keyColumns } from './columns.ts';
import { findByLookup, findLicense } from './find.ts';
import { requireProduct } from '../requirements.ts';
import { recordTrail } from '../trail.ts';

export function createLicenseChanges(store: SqliteStore): Pick<Licenses, 'changeLicense'> {
  const { statement } = store;

  function storeLicense(current: License, next: License, now: Date): void {
    if (next.productId !== current.productId) requireProduct(store, current.guildId, next.productId);
    const columns = changeableColumns(next);
    statement(`UPDATE licenses SET ${assignments(columns)} WHERE id = :id`).run({ ...columns, id: current.id });
    const isMoved = next.expiresAt?.getTime() !== current.expiresAt?.getTime();
    if (isMoved && (next.expiresAt === null || next.expiresAt > now)) {
      statement('UPDATE licenses SET expiry_told = 0 WHERE id = ?').run(current.id);
    }
  }

  function storeKey(license: License, key: string): void {
    const columns = keyColumns(store.vault, license.guildId, key);
    statement(`UPDATE licenses SET ${assignments(columns)} WHERE id = :id`).run({ ...columns, id: license.id });
  }

  function isKeyTaken(license: License, key: string): boolean {
    const holder = findByLookup(store, license.guildId, store.vault.lookup(license.guildId, key));
    return holder !== null && holder.id !== license.id;
  }

  return {
    changeLicense: async (guildId, ref, change) => {
      let rests: readonly MarkRest[] = [];
      const answer = await store.write(() => {
        const current = findLicense(store, guildId, ref);
        const bundle = current && store.bundle(guildId);
        if (!bundle) return null;
        const now = store.now();
        const { next, trail, result, forget, remember, newKey } = change(current, bundle, now);
        if (!next) return { ...result, effectIds: [] };
        if (newKey !== undefined && isKeyTaken(current, newKey)) return { taken: 'key' as const };
        storeLicense(current, next, now);
        if (newKey !== undefined) storeKey(current, newKey);
        const remembered = remember ? rememberMarks(current.id, remember) : [];
        const marks = [...remembered, ...forgetMarks(current.id, forget ?? [], now)];
        rests = marks.map((mark) => beginMark(store, mark));
        return { ...result, ...recordTrail(store, guildId, trail) };
      });
      for (const rest of rests) await finishMark(store, rest);
      return answer;
    },
  };
}
