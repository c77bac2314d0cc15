import type { License } from '../../../domain/license.ts';
import { type DailyLimit, type Licenses, maxLicensesAtOnce, type NewLicense } from '../../port/licenses.ts';
import type { Recorded } from '../../port/trail.ts';
import type { MongoStore } from '../connection.ts';
import { conflict, retryOnConflict } from '../conflict.ts';
import { askDailyLimit, type DailyRefusal, refusalSoFar } from './daily-limit.ts';
import type { OutboxEntry } from '../documents.ts';
import { completeBatch, insertUnpublished, type LicenseBatch, withdrawBatch } from './batch.ts';
import { keyFields, licenseOf } from './documents.ts';
import { takeNumbers } from '../ids.ts';
import { requireGuild, requireProduct } from '../requirements.ts';
import { resolveLeftover, reservationName } from './reservations.ts';

interface Taken {
  readonly taken: { readonly index: number; readonly holder: License };
}
type Made = { readonly licenses: readonly License[] } & Recorded;

interface Prepared {
  /** Without id and instant, which each attempt gives it anew. */
  readonly draft: License;
  readonly key: ReturnType<typeof keyFields>;
}

export function createLicenseCreation(store: MongoStore): Pick<Licenses, 'createLicenses'> {
  const { models, outbox, vault } = store;

  function prepare(guildId: string, { key, ...license }: NewLicense): Prepared {
    const unused = { id: 0, createdAt: store.now(), ownerResets: [], activatedAt: null, deletedAt: null };
    const stored = keyFields(vault, guildId, key);
    return { draft: { ...license, ...unused, guildId, keySuffix: stored.keySuffix }, key: stored };
  }

  /** Lost: a key is held by a license that does not count yet, or no longer. */
  async function firstTaken(prepared: readonly Prepared[]): Promise<Taken | typeof conflict | null> {
    const found = await models.licenses.find({ _id: { $in: prepared.map(({ key }) => key._id) } }).lean();
    const passing = found.filter(({ unpublished }) => unpublished !== null);
    for (const document of passing) await resolveLeftover(store, document);
    if (passing.length > 0) return conflict;
    const holders = new Map(found.map((document) => [document._id, licenseOf(document)]));
    for (const [index, { draft, key }] of prepared.entries()) {
      const holder = holders.get(key._id);
      if (holder) return { taken: { index, holder } };
      holders.set(key._id, draft);
    }
    return null;
  }

  async function newBatch(prepared: readonly Prepared[]): Promise<LicenseBatch> {
    const firstId = await takeNumbers(models, 'license', prepared.length);
    const createdAt = store.now();
    const licenses = prepared.map(({ draft, key }, index) => ({
      license: { ...draft, id: firstId + index, createdAt },
      key,
    }));
    return { name: reservationName(store), licenses };
  }

  /** null: all of the batch is stored, unpublished, and may come to count. */
  async function reserve(
    guildId: string,
    batch: LicenseBatch,
    daily: DailyLimit | null,
  ): Promise<DailyRefusal | typeof conflict | null> {
    if (!(await insertUnpublished(store, batch))) return conflict;
    // Only now: a guild that goes from here on takes them with it.
    await requireGuild(store, guildId);
    const productIds = new Set(batch.licenses.map(({ license }) => license.productId));
    for (const id of productIds) await requireProduct(store, guildId, id);
    if (!daily) return null;
    const answer = await retryOnConflict(store, async () => {
      const said = await askDailyLimit(store, guildId, daily, batch);
      return said === 'wait' ? conflict : said;
    });
    if (answer === 'go back') return conflict;
    return answer === 'fits' ? null : answer;
  }

  return {
    createLicenses: (guildId, licenses, trail, daily) =>
      store.run(async () => {
        if (licenses.length > maxLicensesAtOnce) {
          throw new RangeError(`At most ${maxLicensesAtOnce} licenses at once.`);
        }
        const prepared = licenses.map((license) => prepare(guildId, license));

        return retryOnConflict(store, async (): Promise<Made | Taken | DailyRefusal | typeof conflict> => {
          const refusal = daily && (await refusalSoFar(store, guildId, daily, licenses.length));
          const early = refusal ?? (await firstTaken(prepared));
          if (early) return early;
          const batch = await newBatch(prepared);
          const made = batch.licenses.map(({ license }) => license);
          let outboxEntry: OutboxEntry;
          try {
            const late = await reserve(guildId, batch, daily);
            if (late) {
              await withdrawBatch(store, batch.name);
              return late;
            }
            outboxEntry = await outbox.make(guildId, trail(made), { publish: batch.name, remove: true });
          } catch (error) {
            await withdrawBatch(store, batch.name);
            throw error;
          }
          const isComplete = await completeBatch(store, batch.name, outboxEntry);
          return isComplete ? { licenses: made, effectIds: outboxEntry.effects.map(({ id }) => id) } : conflict;
        });
      }),
  };
}
