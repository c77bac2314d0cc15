import { type Binding, isSeenWithin } from '../../../domain/binding.ts';
import type { GrantWrites } from '../../../domain/decision.ts';
import type { SlotReader } from '../../../domain/snapshot.ts';
import type { License } from '../../../domain/license.ts';
import type { LicenseDocument } from '../documents.ts';
import { licenseOf } from '../licenses/documents.ts';

/** The fields of a license that a check does not read. */
export const checkProjection = { sealedKey: 0, keyFolded: 0, orderFolded: 0, keySuffixFolded: 0, outbox: 0 } as const;
export type CheckedLicense = Omit<LicenseDocument, keyof typeof checkProjection>;

/** A license in memory while a group of checks is decided: each check sees what the ones before it have changed. */
export interface WorkingLicense {
  license(): License;
  /** The slots as a check at this instant sees them. */
  slotsAt(now: Date): SlotReader;
  readonly owner: LicenseDocument['owner'];
  /** The owner's UUID if one was supplied. */
  readonly customerId: string | null;
  readonly rev: number;
  /** Applies what a grant changes in the license and its slots. */
  apply(writes: GrantWrites, now: Date): void;
  /**
   * The conditional write that stores the changes; it matches only while the license has the `rev` that was read. null:
   * nothing changed.
   */
  update(): { readonly filter: object; readonly update: object } | null;
}

export function createWorkingLicense(read: CheckedLicense): WorkingLicense {
  let license = licenseOf(read);
  let slots = read.slots;
  let fields: Record<string, unknown> = {};
  let areSlotsReplaced = false;

  function take(kind: Binding['kind'], value: string, forgetBefore: Date | null, now: Date): void {
    const stays = (slot: Binding) =>
      slot.kind !== kind ||
      (slot.releasedAt === null && isSeenWithin(slot.lastSeenAt, forgetBefore, now) && slot.value !== value);
    slots = [...slots.filter(stays), { kind, value, firstSeenAt: now, lastSeenAt: now, releasedAt: null }];
    areSlotsReplaced = true;
  }

  function refresh(kind: Binding['kind'], value: string, now: Date): void {
    const index = slots.findIndex((slot) => slot.kind === kind && slot.value === value);
    if (index === -1) return;
    slots = slots.map((slot, i) => (i === index ? { ...slot, lastSeenAt: now } : slot));
    fields[`slots.${index}.lastSeenAt`] = now;
  }

  return {
    owner: read.owner,
    customerId: read.customerId,
    rev: read.rev,
    license: () => license,
    slotsAt: (now) => ({
      find: (kind, value) => slots.find((slot) => slot.kind === kind && slot.value === value) ?? null,
      hasLive: (kind, count, forgetBefore) => {
        let live = 0;
        return slots.some((slot) => {
          const isLive =
            slot.kind === kind && slot.releasedAt === null && isSeenWithin(slot.lastSeenAt, forgetBefore, now);
          if (isLive) live += 1;
          return live === count;
        });
      },
    }),

    apply: (writes, now) => {
      for (const { kind, value, forgetBefore } of writes.take) take(kind, value, forgetBefore, now);
      for (const { kind, value } of writes.refresh) refresh(kind, value, now);
      const { activation, points } = writes;
      if (points) {
        license = { ...license, points };
        fields = { ...fields, points };
      }
      if (!activation) return;
      // An activation without an end keeps the end that the license has.
      const changed = { activatedAt: activation.at, expiresAt: activation.expiresAt ?? license.expiresAt };
      license = { ...license, ...changed };
      fields = { ...fields, ...changed };
    },

    update: () => {
      const state = Object.entries(fields).filter(([name]) => !areSlotsReplaced || !name.startsWith('slots.'));
      const set = { ...Object.fromEntries(state), ...(areSlotsReplaced ? { slots } : {}) };
      if (Object.keys(set).length === 0) return null;
      const { _id, rev } = read;
      return { filter: { _id, rev, unpublished: null }, update: { $set: set, $inc: { rev: 1 } } };
    },
  };
}
