import type { License } from '../../../domain/license.ts';
import { type DailyLimit, type Licenses, mostLicensesAtOnce, type NewLicense } from '../../port/licenses.ts';
import type { Recorded } from '../../port/trail.ts';
import type { MongoStore } from '../connection.ts';
import { lost, untilWon } from '../conflict.ts';
import { askDailyLimit, type DailyRefusal, refusalSoFar } from './daily-limit.ts';
import type { Rest } from '../documents.ts';
import { completeBatch, insertHidden, type LicenseBatch, takeBack } from './batch.ts';
import { keyFields, licenseOf } from './documents.ts';
import { takeNumbers } from '../ids.ts';
import { requireGuild, requireProduct } from '../requirements.ts';
import { clearAway, reservationName } from './reservations.ts';

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
  const { models, rests, vault } = store;

  function prepare(guildId: string, { key, ...license }: NewLicense): Prepared {
    const unused = { id: 0, createdAt: store.now(), ownerResets: [], activatedAt: null, deletedAt: null };
    const stored = keyFields(vault, guildId, key);
    return { draft: { ...license, ...unused, guildId, keySuffix: stored.keySuffix }, key: stored };
  }

  /** Lost: a key is held by a license that does not count yet, or no longer. */
  async function firstTaken(prepared: readonly Prepared[]): Promise<Taken | typeof lost | null> {
    const found = await models.licenses.find({ _id: { $in: prepared.map(({ key }) => key._id) } }).lean();
    const passing = found.filter(({ hidden }) => hidden !== null);
    for (const document of passing) await clearAway(store, document);
    if (passing.length > 0) return lost;
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

  /** null: all of the batch is stored, hidden, and may come to count. */
  async function reserve(
    guildId: string,
    batch: LicenseBatch,
    daily: DailyLimit | null,
  ): Promise<DailyRefusal | typeof lost | null> {
    if (!(await insertHidden(store, batch))) return lost;
    // Only now: a guild that goes from here on takes them with it.
    await requireGuild(store, guildId);
    const productIds = new Set(batch.licenses.map(({ license }) => license.productId));
    for (const id of productIds) await requireProduct(store, guildId, id);
    if (!daily) return null;
    const answer = await untilWon(store, async () => {
      const said = await askDailyLimit(store, guildId, daily, batch);
      return said === 'wait' ? lost : said;
    });
    if (answer === 'go back') return lost;
    return answer === 'fits' ? null : answer;
  }

  return {
    createLicenses: (guildId, licenses, trail, daily) =>
      store.run(async () => {
        if (licenses.length > mostLicensesAtOnce) {
          throw new RangeError(`At most ${mostLicensesAtOnce} licenses at once.`);
        }
        const prepared = licenses.map((license) => prepare(guildId, license));

        return untilWon(store, async (): Promise<Made | Taken | DailyRefusal | typeof lost> => {
          const refusal = daily && (await refusalSoFar(store, guildId, daily, licenses.length));
          const early = refusal ?? (await firstTaken(prepared));
          if (early) return early;
          const batch = await newBatch(prepared);
          const made = batch.licenses.map(({ license }) => license);
          let rest: Rest;
          try {
            const late = await reserve(guildId, batch, daily);
            if (late) {
              await takeBack(store, batch.name);
              return late;
            }
            rest = await rests.make(guildId, trail(made), { show: batch.name, remove: true });
          } catch (error) {
            await takeBack(store, batch.name);
            throw error;
          }
          const isComplete = await completeBatch(store, batch.name, rest);
          return isComplete ? { licenses: made, effectIds: rest.effects.map(({ id }) => id) } : lost;
        });
      }),
  };
}
