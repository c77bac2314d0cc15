import { type Binding, isSeenWithin } from '../../../domain/binding.ts';
import { type BindingKind, bindingKinds } from '../../../domain/limits.ts';
import { effectiveForgetAfter, effectiveLimits } from '../../../domain/effective-limits.ts';
import { minuteMs } from '../../../domain/values/calendar.ts';
import type { Licenses } from '../../port/licenses.ts';
import type { MongoStore } from '../connection.ts';
import { rowsPerWindow } from '../steps.ts';
import { licenseOf } from './documents.ts';
import { findDocument } from './find.ts';
import { aliveProductIds } from './search.ts';

interface BindingList {
  readonly bindings: readonly Binding[];
  readonly count: number;
}

const noCounts = { ip: 0, hwid: 0, mac: 0 };

export function createLicenseBindings(store: MongoStore): Pick<Licenses, 'bindings' | 'countWithBinding'> {
  const { models } = store;

  async function listObserved(licenseId: number, kind: BindingKind, limit: number): Promise<BindingList> {
    const live = { licenseId, kind, releasedAt: null };
    const [newest, count] = await Promise.all([
      models.observedValues.find(live).sort({ lastSeenAt: -1, value: 1 }).limit(limit).lean(),
      models.observedValues.countDocuments(live),
    ]);
    return { bindings: newest.map(bindingOf), count };
  }

  /** The ids of licenses with a matching slot. */
  async function matchSlots(guildId: string, kind: BindingKind, match: (value: string) => boolean) {
    const found: number[] = [];
    const bound = models.licenses
      .find({ guildId, unpublished: null, 'slots.kind': kind })
      .select({ id: 1, 'slots.kind': 1, 'slots.value': 1, 'slots.releasedAt': 1 })
      .lean<{ readonly id: number; readonly slots: readonly Pick<Binding, 'kind' | 'value' | 'releasedAt'>[] }[]>();
    for await (const { id, slots } of bound.cursor()) {
      const isMatching = slots.some((slot) => slot.kind === kind && slot.releasedAt === null && match(slot.value));
      if (isMatching) found.push(id);
    }
    return found;
  }

  /** The ids of licenses with a matching observed value. */
  async function matchObserved(guildId: string, kind: BindingKind, match: (value: string) => boolean) {
    const found: number[] = [];
    const observed = models.observedValues
      .find({ guildId, kind, releasedAt: null })
      .select({ value: 1, licenseId: 1 })
      .lean();
    for await (const { value, licenseId } of observed.cursor()) if (match(value)) found.push(licenseId);
    return found;
  }

  return {
    bindings: (guildId, licenseId, limit) =>
      store.run(async () => {
        const bindings: Binding[] = [];
        const counts = { ...noCounts };
        const license = await findDocument(store, guildId, { id: licenseId });
        const bundle = license && (await store.bundle(guildId));
        const product = license && bundle?.products.byId(license.productId);
        if (!bundle || !product) return { bindings, counts };
        const limits = effectiveLimits(licenseOf(license), product, bundle.settings);
        const forgetAfter = effectiveForgetAfter(licenseOf(license), bundle.settings);
        for (const kind of bindingKinds) {
          const minutes = forgetAfter[kind];
          const now = store.now();
          const forgetBefore = minutes === null ? null : new Date(now.getTime() - minutes * minuteMs);
          const { bindings: listed, count } =
            limits[kind] === null
              ? await listObserved(licenseId, kind, limit)
              : listSlots(license.slots, kind, limit, (slot) => isSeenWithin(slot.lastSeenAt, forgetBefore, now));
          bindings.push(...listed);
          counts[kind] = count;
        }
        return { bindings, counts };
      }),

    countWithBinding: (guildId, kind, match) =>
      store.run(async () => {
        const productId = { $in: await aliveProductIds(models, guildId) };
        const matching = new Set([
          ...(await matchSlots(guildId, kind, match)),
          ...(await matchObserved(guildId, kind, match)),
        ]);
        const ids = [...matching];
        const owners = new Set<string>();
        let licenses = 0;
        for (let start = 0; start < ids.length; start += rowsPerWindow) {
          const id = { $in: ids.slice(start, start + rowsPerWindow) };
          const alive = { guildId, id, unpublished: null, deletedAt: null, productId };
          const found = await models.licenses.find(alive).select({ ownerId: 1 }).lean();
          licenses += found.length;
          for (const { ownerId } of found) if (ownerId !== null) owners.add(ownerId);
        }
        return { licenses, owners: owners.size };
      }),
  };
}

function bindingOf({ kind, value, firstSeenAt, lastSeenAt, releasedAt }: Binding): Binding {
  return { kind, value, firstSeenAt, lastSeenAt, releasedAt };
}

/** The slots of a kind that were neither released nor timed out, newest use first. */
function listSlots(
  slots: readonly Binding[],
  kind: BindingKind,
  limit: number,
  isSeen: (slot: Binding) => boolean,
): BindingList {
  const live = slots.filter((slot) => slot.kind === kind && slot.releasedAt === null && isSeen(slot));
  const byUse = (a: Binding, b: Binding) =>
    b.lastSeenAt.getTime() - a.lastSeenAt.getTime() || (a.value < b.value ? -1 : 1);
  return { bindings: live.sort(byUse).slice(0, limit).map(bindingOf), count: live.length };
}
