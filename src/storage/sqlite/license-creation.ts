import { setImmediate as pause } from 'node:timers/promises';
import { actorText } from '../../domain/actor.ts';
import type { License } from '../../domain/license.ts';
import type { DailyLimit, Licenses, NewLicense, Recorded } from '../storage.ts';
import type { SqliteStore } from './connection.ts';
import { birthColumns, changeableColumns, insertInto, keyColumns } from './license-columns.ts';
import { findByLookup } from './license-find.ts';
import { requireGuild, requireProduct } from './requirements.ts';
import { takeNumbers } from './sequence.ts';
import { recordTrail } from './trail.ts';

type Refusal =
  | { readonly taken: { readonly index: number; readonly holder: License } }
  | { readonly dailyLimit: { readonly made: number; readonly max: number } };
interface Inserted {
  readonly made: readonly License[];
}
type Made = { readonly licenses: readonly License[] } & Recorded;

interface Prepared {
  readonly license: NewLicense;
  readonly key: ReturnType<typeof keyColumns>;
}

/** As many as the port promises to make together; inserting them holds the lock for some 40 ms. */
const perCommit = 1_000;

/** Larger amounts are checked whole before the first is made, so that a taken key does not leave half of them. */
export function createLicenseCreation(store: SqliteStore): Pick<Licenses, 'createLicenses'> {
  /** Outside the transaction: hashing and sealing would double the time that the lock is held. */
  function prepare(guildId: string, licenses: readonly NewLicense[]): readonly Prepared[] {
    return licenses.map((license) => ({ license, key: keyColumns(store.vault, guildId, license.key) }));
  }

  async function firstTaken(guildId: string, licenses: readonly NewLicense[]): Promise<Refusal | null> {
    for (let start = 0; start < licenses.length; start += perCommit) {
      const chunk = licenses.slice(start, start + perCommit);
      const lookups = chunk.map(({ key }) => store.vault.lookup(guildId, key));
      const taken = await store.read(() => {
        for (const [index, lookup] of lookups.entries()) {
          const holder = findByLookup(store, guildId, lookup);
          if (holder) return { index: start + index, holder };
        }
        return null;
      });
      if (taken) return { taken };
      await pause();
    }
    return null;
  }

  function madeSince(guildId: string, { actor, since }: DailyLimit): number {
    const sql = 'SELECT count(*) AS made FROM licenses WHERE guild_id = ? AND created_by = ? AND created_at >= ?';
    return (store.statement(sql).get(guildId, actorText(actor), since.getTime()) as { readonly made: number }).made;
  }

  function insertAll(guildId: string, start: number, prepared: readonly Prepared[]): Refusal | Inserted {
    const createdAt = store.now();
    const firstId = takeNumbers(store, 'license', prepared.length);
    const made = prepared.map(({ license: { key: _, ...license }, key }, index): License => {
      const unused = { ownerResets: [], activatedAt: null, deletedAt: null };
      return { ...license, ...unused, id: firstId + index, guildId, keyTail: key.key_tail, createdAt };
    });
    const byLookup = new Map<string, License>();
    for (const [index, { key }] of prepared.entries()) {
      const holder = findByLookup(store, guildId, key.lookup) ?? byLookup.get(key.lookup.toString('hex'));
      if (holder) return { taken: { index: start + index, holder } };
      const license = made[index];
      if (license) byLookup.set(key.lookup.toString('hex'), license);
    }
    for (const [index, license] of made.entries()) {
      const columns = { ...birthColumns(license), ...prepared[index]?.key, ...changeableColumns(license) };
      store.statement(insertInto('licenses', columns)).run(columns);
    }
    return { made };
  }

  return {
    createLicenses: async (guildId, licenses, trail, daily) => {
      if (licenses.length > perCommit) {
        const refusal = await firstTaken(guildId, licenses);
        if (refusal) return refusal;
      }
      const all: License[] = [];
      const effectIds: number[] = [];
      for (let start = 0; start < licenses.length; start += perCommit) {
        const prepared = prepare(guildId, licenses.slice(start, start + perCommit));
        await pause();
        const outcome = await store.write((): Refusal | Made => {
          requireGuild(store, guildId);
          for (const id of new Set(prepared.map(({ license }) => license.productId)))
            requireProduct(store, guildId, id);
          const made = daily ? madeSince(guildId, daily) : 0;
          if (daily && made + licenses.length - start > daily.max) return { dailyLimit: { made, max: daily.max } };
          const inserted = insertAll(guildId, start, prepared);
          if (!('made' in inserted)) return inserted;
          return { licenses: inserted.made, ...recordTrail(store, guildId, trail(inserted.made)) };
        });
        if (!('licenses' in outcome)) return outcome;
        all.push(...outcome.licenses);
        effectIds.push(...outcome.effectIds);
        await pause();
      }
      return { licenses: all, effectIds };
    },
  };
}
