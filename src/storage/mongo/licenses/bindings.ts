import { type Binding, isSeenWithin, type Slot } from '../../../domain/binding.ts';
import { type BindingKind, bindingKinds } from '../../../domain/limits.ts';
import { effectiveForgetAfter, effectiveLimits } from '../../../domain/effective-limits.ts';
import { minuteMs } from '../../../domain/values/calendar.ts';
import type { Licenses } from '../../port/licenses.ts';
import type { MongoStore } from '../connection.ts';
import { licenseOf } from './documents.ts';
import { findDocument } from './find.ts';

interface BindingList {
  readonly bindings: readonly Slot[];
  readonly count: number;
}

const noCounts = { ip: 0, hwid: 0, mac: 0 };

export function createLicenseBindings(store: MongoStore): Pick<Licenses, 'bindings'> {
  const { models } = store;

  async function listObserved(licenseId: number, kind: BindingKind, limit: number): Promise<BindingList> {
    const live = { licenseId, kind, releasedAt: null };
    const [newest, count] = await Promise.all([
      models.observedValues.find(live).sort({ lastSeenAt: -1, value: 1 }).limit(limit).lean(),
      models.observedValues.countDocuments(live),
    ]);
    return { bindings: newest.map(bindingOf), count };
  }

  return {
    bindings: (guildId, licenseId, limit) =>
      store.run(async () => {
        const bindings: Slot[] = [];
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
  };
}

function bindingOf({ kind, value, firstSeenAt, lastSeenAt, releasedAt }: Binding): Binding {
  return { kind, value, firstSeenAt, lastSeenAt, releasedAt };
}

/** The slots of a kind that were neither released nor timed out, newest use first. */
function listSlots(
  slots: readonly Slot[],
  kind: BindingKind,
  limit: number,
  isSeen: (slot: Slot) => boolean,
): BindingList {
  const live = slots.filter((slot) => slot.kind === kind && slot.releasedAt === null && isSeen(slot));
  const byUse = (a: Binding, b: Binding) =>
    b.lastSeenAt.getTime() - a.lastSeenAt.getTime() || (a.value < b.value ? -1 : 1);
  return { bindings: live.sort(byUse).slice(0, limit), count: live.length };
}
