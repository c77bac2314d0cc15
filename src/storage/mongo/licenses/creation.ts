import { claimNote } from '../../../domain/notes.ts';
import type { License } from '../../../domain/license.ts';
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
import { conflict, retryOnConflict } from '../conflict.ts';
import type { MongoStore } from '../connection.ts';
import type { OutboxEntry } from '../documents.ts';
import { takeNumbers } from '../ids.ts';
import { effectIdsOf } from '../outbox.ts';
import { requireGuild, requireProduct } from '../requirements.ts';
import { belongingsOf } from './belonging.ts';
import { completeBatch, insertUnpublished, type LicenseBatch, withdrawBatch } from './batch.ts';
import { checkDailyLimit, claimDailyLimit, type DailyLimitReached } from './daily-limit.ts';
import { reserveClaim } from './claims.ts';
import { keyFields, licenseOf } from './documents.ts';
import { finishLeftover, newReservationName } from './reservations.ts';

interface KeyTaken {
  readonly taken: { readonly index: number; readonly holder: License };
}
type Created = { readonly licenses: readonly License[] } & Recorded;

interface Claimed {
  readonly claimed: true;
}

interface Prepared {
  /** `id` and `createdAt` are placeholders: each attempt to store the licenses sets them. */
  readonly draft: License;
  readonly key: ReturnType<typeof keyFields>;
}

export function createLicenseCreation(store: MongoStore): Pick<Licenses, 'createLicenses'> {
  const { models, outbox, vault } = store;

  function prepare(guildId: string, { key, ...license }: NewLicense): Prepared {
    const uuid = uuidOf(store.random(16));
    const stored = keyFields(vault, guildId, key);
    return {
      draft: { ...license, ...unusedLicense(store.now()), uuid, guildId, keySuffix: stored.keySuffix },
      key: stored,
    };
  }

  /**
   * The first key that another license has; null: none. `conflict`: an unpublished license has one of the keys; what
   * its process left is finished if that process is dead.
   */
  async function findTakenKey(prepared: readonly Prepared[]): Promise<KeyTaken | typeof conflict | null> {
    const found = await models.licenses.find({ _id: { $in: prepared.map(({ key }) => key._id) } }).lean();
    const leftovers = found.filter(({ unpublished }) => unpublished !== null);
    for (const document of leftovers) await finishLeftover(store, document);
    if (leftovers.length > 0) return conflict;
    const holders = new Map(found.map((document) => [document._id, licenseOf(document)]));
    for (const [index, { draft, key }] of prepared.entries()) {
      const holder = holders.get(key._id);
      if (holder) return { taken: { index, holder } };
      holders.set(key._id, draft);
    }
    return null;
  }

  async function newBatch(guildId: string, prepared: readonly Prepared[]): Promise<LicenseBatch | typeof conflict> {
    const belongings = await belongingsOf(
      store,
      guildId,
      prepared.map(({ draft }) => draft),
    );
    if (belongings === conflict) return conflict;
    const firstId = await takeNumbers(models, 'license', prepared.length);
    const createdAt = store.now();
    const licenses = prepared.map(({ draft, key }, index) => ({
      license: { ...draft, ...belongings[index], id: firstId + index, createdAt, updatedAt: createdAt },
      key,
    }));
    return { name: newReservationName(store), licenses };
  }

  /** Stores the batch, unpublished; null: it may be completed. Otherwise the caller has to withdraw it. */
  async function reserve(
    guildId: string,
    batch: LicenseBatch,
    daily: DailyLimit | null,
    claim: string | null,
  ): Promise<DailyLimitReached | Claimed | typeof conflict | null> {
    if (!(await insertUnpublished(store, batch))) return conflict;
    // Checked after the licenses are stored: a guild that is removed from here on is removed together with them.
    await requireGuild(store, guildId);
    const named = namedProducts(batch.licenses.map(({ license }) => license));
    for (const id of named) await requireProduct(store, guildId, id);
    const claimed = claim === null ? null : await reserveClaim(store, claimNote(guildId, claim), batch.name);
    if (claimed === 'taken') return { claimed: true };
    if (claimed === conflict) return conflict;
    if (!daily) return null;
    const counted = await retryOnConflict(store, async () => {
      const outcome = await claimDailyLimit(store, guildId, daily, batch);
      return outcome === 'wait' ? conflict : outcome;
    });
    if (counted === 'withdraw') return conflict;
    return counted === 'fits' ? null : counted;
  }

  return {
    createLicenses: (guildId, licenses, trail, daily, claim = null) =>
      store.run(async () => {
        if (licenses.length > maxLicensesAtOnce) {
          throw new RangeError(`At most ${maxLicensesAtOnce} licenses at once.`);
        }
        const prepared = licenses.map((license) => prepare(guildId, license));

        return retryOnConflict(
          store,
          async (): Promise<Created | KeyTaken | DailyLimitReached | Claimed | typeof conflict> => {
            const limitReached = daily && (await checkDailyLimit(store, guildId, daily, licenses.length));
            const early = limitReached ?? (await findTakenKey(prepared));
            if (early) return early;
            const batch = await newBatch(guildId, prepared);
            if (batch === conflict) return conflict;
            const created = batch.licenses.map(({ license }) => license);
            let outboxEntry: OutboxEntry;
            try {
              const refused = await reserve(guildId, batch, daily, claim);
              if (refused) {
                await withdrawBatch(store, batch.name);
                return refused;
              }
              outboxEntry = await outbox.createEntry(guildId, trail(created), {
                publish: batch.name,
                remove: true,
                ...(claim !== null && { takenNote: claimNote(guildId, claim) }),
              });
            } catch (error) {
              await withdrawBatch(store, batch.name);
              throw error;
            }
            const isComplete = await completeBatch(store, batch.name, outboxEntry);
            return isComplete ? { licenses: created, effectIds: effectIdsOf(outboxEntry) } : conflict;
          },
        );
      }),
  };
}
