import { setImmediate as pause } from 'node:timers/promises';
import { actorText } from '../../../domain/actor.ts';
import { claimNote } from '../../../domain/notes.ts';
import type { License } from '../../../domain/license.ts';
import { dayMs } from '../../../domain/values/calendar.ts';
import { uuidOf } from '../../../domain/values/ids.ts';
import {
  type DailyLimit,
  type Licenses,
  maxLicensesAtOnce,
  type NewLicense,
  unusedLicense,
} from '../../port/licenses.ts';
import type { Recorded } from '../../port/trail.ts';
import { namedProducts } from '../../added-products.ts';
import type { SqliteStore } from '../connection.ts';
import { insertSql } from '../columns.ts';
import { belongingOf } from './belonging.ts';
import { storedLicenseColumns } from './columns.ts';
import { findByLookup } from './find.ts';
import { storedKey } from './stored-key.ts';
import { createTextIndex, licensesPerMerge } from './text-index.ts';
import { requireGuild, requireProduct } from '../requirements.ts';
import { takeNumbers } from '../ids.ts';
import { recordTrail } from '../trail.ts';

type NotCreated =
  | { readonly taken: { readonly index: number; readonly holder: License } }
  | { readonly dailyLimit: { readonly made: number; readonly max: number } }
  | { readonly claimed: true };
type Created = { readonly licenses: readonly License[] } & Recorded;

/** Thrown inside the transaction, which it rolls back: a license of the guild has one of the keys. */
class KeyTakenError extends Error {}

interface Prepared {
  /** Without id and instant, which are known in the transaction only. */
  readonly draft: License;
  readonly key: ReturnType<typeof storedKey>;
}

export function createLicenseCreation(store: SqliteStore): Pick<Licenses, 'createLicenses'> {
  const { statement } = store;
  const texts = createTextIndex(statement);

  /** Called before the transaction: hashing and sealing in it would double the time for which the lock is held. */
  function prepare(guildId: string, { key, ...license }: NewLicense): Prepared {
    const uuid = uuidOf(store.random(16));
    const stored = storedKey(store.vault, guildId, key);
    return {
      draft: { ...license, ...unusedLicense(store.now()), uuid, guildId, keySuffix: stored.keySuffix },
      key: stored,
    };
  }

  function madeSince(guildId: string, { actor, since }: DailyLimit): number {
    const sql = `SELECT count(*) AS made FROM licenses
      WHERE guild_id = ? AND created_by = ? AND created_at >= ? AND created_at <= ?`;
    const made = statement(sql).get(guildId, actorText(actor), since.getTime(), store.now().getTime() + dayMs);
    return (made as { readonly made: number }).made;
  }

  function firstHolder(guildId: string, prepared: readonly Prepared[]): { index: number; holder: License } | null {
    const others = new Map<string, License>();
    for (const [index, { draft, key }] of prepared.entries()) {
      const text = key.lookup.toString('hex');
      const holder = findByLookup(store, guildId, key.lookup) ?? others.get(text);
      if (holder) return { index, holder };
      others.set(text, draft);
    }
    return null;
  }

  /** False: it is taken. */
  function takeClaim(guildId: string, claim: string): boolean {
    const sql = `INSERT INTO notes (name, value) VALUES (?, 'taken') ON CONFLICT DO NOTHING`;
    return statement(sql).run(claimNote(guildId, claim)).changes > 0;
  }

  function insertAll(prepared: readonly Prepared[]): readonly License[] {
    const createdAt = store.now();
    const firstId = takeNumbers(store, 'license', prepared.length);
    const insert = statement(`${insertSql('licenses', storedLicenseColumns.names)} ON CONFLICT (lookup) DO NOTHING`);
    return prepared.map(({ draft, key }, index) => {
      const belonging = belongingOf(store, draft.guildId, draft);
      const license = { ...draft, ...belonging, id: firstId + index, createdAt, updatedAt: createdAt };
      const { changes } = insert.run(...storedLicenseColumns.valuesOf({ ...license, ...key, expiryNotified: false }));
      if (changes === 0) throw new KeyTakenError();
      texts.add(license);
      if ((index + 1) % licensesPerMerge === 0 || index === prepared.length - 1) texts.merge();
      return license;
    });
  }

  return {
    createLicenses: async (guildId, licenses, trail, daily, claim = null) => {
      if (licenses.length > maxLicensesAtOnce) throw new RangeError(`At most ${maxLicensesAtOnce} licenses at once.`);
      const prepared = licenses.map((license) => prepare(guildId, license));
      // Checks that arrived in the meantime are answered before the transaction begins.
      await pause();
      const create = (looksUpHolder: boolean) =>
        store.write((): NotCreated | Created => {
          requireGuild(store, guildId);
          for (const id of namedProducts(prepared.map(({ draft }) => draft))) requireProduct(store, guildId, id);
          const made = daily ? madeSince(guildId, daily) : 0;
          if (daily && made + licenses.length > daily.max) return { dailyLimit: { made, max: daily.max } };
          const taken = looksUpHolder ? firstHolder(guildId, prepared) : null;
          if (taken) return { taken };
          if (claim !== null && !takeClaim(guildId, claim)) return { claimed: true };
          const inserted = insertAll(prepared);
          return { licenses: inserted, ...recordTrail(store, guildId, trail(inserted)) };
        });
      // Keys are hardly ever taken. To look each of them up first would be a third of what the transaction does, and the
      // unique index finds out as well.
      return create(false).catch((error: unknown) => {
        if (error instanceof KeyTakenError) return create(true);
        throw error;
      });
    },
  };
}
