import type { License } from '../../../domain/license.ts';
import type { Licenses } from '../../port/licenses.ts';
import type { SqliteStore } from '../connection.ts';
import { addedProducts } from '../../added-products.ts';
import { releasesOf, undoneReleases } from '../../binding-releases.ts';
import { beginRelease, finishRelease, type ReleaseProgress } from '../binding-releases.ts';
import { updateSql } from '../columns.ts';
import { finishSettling } from '../customers/licenses-of-customer.ts';
import { belongingOf, claimedBelonging } from './belonging.ts';
import { changeableColumns, keyColumns } from './columns.ts';
import { findByLookup, findLicense } from './find.ts';
import { storedKey } from './stored-key.ts';
import { createTextIndex } from './text-index.ts';
import { requireProduct } from '../requirements.ts';
import { recordTrail } from '../trail.ts';

const updateChangeable = updateSql('licenses', changeableColumns.names);
const updateKey = updateSql('licenses', keyColumns.names);

export function createLicenseChanges(store: SqliteStore): Pick<Licenses, 'changeLicense'> {
  const { statement } = store;
  const texts = createTextIndex(statement);

  function storeLicense(current: License, next: License, now: Date): void {
    for (const id of addedProducts(current, next)) requireProduct(store, current.guildId, id);
    statement(updateChangeable).run(...changeableColumns.valuesOf(next), current.id);
    texts.change(current, next);
    // A license whose end is moved into the future is processed again when that end passes.
    const isEndChanged = next.expiresAt?.getTime() !== current.expiresAt?.getTime();
    if (isEndChanged && (next.expiresAt === null || next.expiresAt > now)) {
      statement('UPDATE licenses SET expiry_notified = 0 WHERE id = ?').run(current.id);
    }
  }

  function storeKey(license: License, key: string): void {
    const values = keyColumns.valuesOf(storedKey(store.vault, license.guildId, key));
    statement(updateKey).run(...values, license.id);
  }

  function isKeyTaken(license: License, key: string): boolean {
    const holder = findByLookup(store, license.guildId, store.vault.lookup(license.guildId, key));
    return holder !== null && holder.id !== license.id;
  }

  return {
    changeLicense: async (guildId, ref, change) => {
      let begun: readonly ReleaseProgress[] = [];
      const claimed: number[] = [];
      const outcome = await store.write(() => {
        const current = findLicense(store, guildId, ref);
        const bundle = current && store.bundle(guildId);
        if (!bundle) return null;
        const now = store.now();
        const { next: decided, trail, result, release, undoRelease, newKey, isClaim } = change(current, bundle, now);
        if (!decided) return { ...result, effectIds: [] };
        if (newKey !== undefined && isKeyTaken(current, newKey)) return { taken: 'key' as const };
        const belonging =
          isClaim && decided.ownerId !== null
            ? claimedBelonging(store, guildId, current, decided.ownerId)
            : belongingOf(store, guildId, decided, current);
        if (isClaim) claimed.push(...[current.customerId, belonging.customerId].filter((id) => id !== null));
        storeLicense(current, { ...decided, ...belonging }, now);
        if (newKey !== undefined) storeKey(current, newKey);
        const undone = undoRelease ? undoneReleases(current.id, undoRelease) : [];
        const releases = [...undone, ...releasesOf(current.id, release ?? [], now)];
        begun = releases.map((each) => beginRelease(store, each));
        return { ...result, ...recordTrail(store, guildId, trail) };
      });
      for (const release of begun) await finishRelease(store, release);
      for (const customerId of claimed) await finishSettling(store, guildId, customerId);
      return outcome;
    },
  };
}
