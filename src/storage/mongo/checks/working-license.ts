import { type Binding, isSeenWithin, type Slot } from '../../../domain/binding.ts';
import type { GrantWrites, SlotTake } from '../../../domain/decision.ts';
import type { SlotReader } from '../../../domain/snapshot.ts';
import type { License } from '../../../domain/license.ts';
import type { LicenseDocument } from '../documents.ts';
import { licenseOf, unchangedWithSlots, withoutSearchFields } from '../licenses/documents.ts';

/** The fields of a license that a check does not read. */
export const checkProjection = { ...withoutSearchFields, expiryNotified: 0, unpublished: 0 } as const;
export type CheckedLicense = Omit<LicenseDocument, keyof typeof checkProjection>;

/** A license in memory while a group of checks is decided: each check sees what the ones before it have changed. */
export interface WorkingLicense {
  license(): License;
  /** The slots as a check at this instant sees them. */
  slotsAt(now: Date): SlotReader;
  readonly owner: LicenseDocument['owner'];
  readonly customerUuid: string | null;
  readonly rev: number;
  /** Applies what a grant changes in the license and its slots. */
  apply(writes: GrantWrites, now: Date): void;
  /** The write that stores the changes; null: nothing changed. */
  write(): LicenseWrite | null;
}

export interface LicenseWrite {
  /**
   * Only `lastSeenAt` of slots changes. The write leaves `rev` as it is, so that neither other refreshes nor changes of
   * the license conflict with it; it matches while each of the slots is where it was and not released.
   */
  readonly isRefresh: boolean;
  /** Matches only while everything that the decisions depend on is as it was read. */
  readonly filter: { readonly _id: string; readonly unpublished: null };
  readonly update: object;
}

export function createWorkingLicense(read: CheckedLicense): WorkingLicense {
  let license = licenseOf(read);
  let slots = read.slots;
  const fields: Record<string, unknown> = {};
  const taken: Slot[] = [];
  /** The slots that were read and only refreshed since, by their index, and when they were last seen. */
  const refreshed = new Map<number, Date>();
  let areSlotsReplaced = false;

  function isLive(slot: Slot, kind: Binding['kind'], forgetBefore: Date | null, now: Date): boolean {
    return slot.kind === kind && slot.releasedAt === null && isSeenWithin(slot.lastSeenAt, forgetBefore, now);
  }

  function take({ kind, value, forgetBefore, replaces = [], hwid }: SlotTake, now: Date): void {
    const gives = (slot: Slot) => slot.value === value || replaces.includes(slot.value);
    const kept = slots.filter((slot) => slot.kind !== kind || (isLive(slot, kind, forgetBefore, now) && !gives(slot)));
    const seen = { kind, value, firstSeenAt: now, lastSeenAt: now, releasedAt: null };
    const slot: Slot = hwid === undefined ? seen : { ...seen, hwid };
    if (kept.length < slots.length) areSlotsReplaced = true;
    slots = [...kept, slot];
    taken.push(slot);
  }

  function refresh(kind: Binding['kind'], value: string, now: Date): void {
    const index = slots.findIndex((slot) => slot.kind === kind && slot.value === value);
    const slot = slots[index];
    if (!slot) return;
    slots = slots.with(index, { ...slot, lastSeenAt: now });
    // A time in the future goes back, which a refresh alone cannot do: it keeps the later one of two times.
    if (index >= read.slots.length || slot.lastSeenAt > now) areSlotsReplaced = true;
    else refreshed.set(index, now);
  }

  /**
   * Where the refreshed slots are, as conditions of a filter. An equality with null would always match, because
   * `slots.0` also means a field `0` of each slot, which is missing.
   */
  function refreshedWhere(): object {
    const conditions = [...refreshed.keys()].map((index) => {
      const { kind, value } = read.slots[index] ?? {};
      const at = `slots.${index}`;
      return { [`${at}.kind`]: kind, [`${at}.value`]: value, [`${at}.releasedAt`]: { $type: 'null' } };
    });
    return Object.assign({}, ...conditions) as object;
  }

  return {
    owner: read.owner,
    customerUuid: read.customerUuid,
    rev: read.rev,
    license: () => license,
    slotsAt: (now) => ({
      find: (kind, value) => slots.find((slot) => slot.kind === kind && slot.value === value) ?? null,
      hasLive: (kind, count, forgetBefore) => {
        let live = 0;
        if (count === 0) return true;
        return slots.some((slot) => {
          if (isLive(slot, kind, forgetBefore, now)) live += 1;
          return live === count;
        });
      },
      live: (kind, forgetBefore) => slots.filter((slot) => isLive(slot, kind, forgetBefore, now)),
    }),

    apply: (writes, now) => {
      for (const slot of writes.take) take(slot, now);
      for (const { kind, value } of writes.refresh) refresh(kind, value, now);
      const { activation, points, replacements } = writes;
      const changed = {
        ...(points && { points }),
        ...(replacements && { replacements }),
        // An activation without an end keeps the end that the license has.
        ...(activation && { activatedAt: activation.at, expiresAt: activation.expiresAt ?? license.expiresAt }),
      };
      license = { ...license, ...changed };
      Object.assign(fields, changed);
    },

    write: () => {
      const { _id, rev } = read;
      const seen = Object.fromEntries([...refreshed].map(([index, at]) => [`slots.${index}.lastSeenAt`, at]));
      const isRefresh = !areSlotsReplaced && taken.length === 0 && Object.keys(fields).length === 0;
      if (isRefresh) {
        if (refreshed.size === 0) return null;
        return { isRefresh, filter: { _id, unpublished: null, ...refreshedWhere() }, update: { $max: seen } };
      }
      const isWhole = areSlotsReplaced || (taken.length > 0 && refreshed.size > 0);
      return {
        isRefresh,
        filter: { ...(isWhole ? unchangedWithSlots(read) : { _id, rev }), unpublished: null },
        update: {
          $inc: { rev: 1 },
          $set: isWhole ? { ...fields, slots } : fields,
          ...(isWhole ? {} : taken.length > 0 ? { $push: { slots: { $each: taken } } } : { $max: seen }),
        },
      };
    },
  };
}
