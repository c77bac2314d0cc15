import { LRUCache } from 'lru-cache';
import { lastSeenPrecisionMs } from '../../../domain/binding.ts';
import type { BindingKind } from '../../../domain/limits.ts';
import { observedValueId } from '../ids.ts';
import { collectionOf, type Models } from '../database/models.ts';

export interface ObservedValue {
  readonly licenseId: number;
  readonly guildId: string;
  /** The license's `rev`. A reset raises it, so a value that is used after a reset is stored at once. */
  readonly rev: number;
  readonly kind: BindingKind;
  readonly value: string;
  readonly at: Date;
}

const maxRemembered = 20_000;

/** Stores values that are used while their kind is unlimited; resolves when a majority has confirmed them. */
export function createObservedValueWriter({
  observedValues,
}: Models): (values: readonly ObservedValue[]) => Promise<void> {
  const lastStored = new LRUCache<string, number>({ max: maxRemembered });
  const nameOf = ({ licenseId, rev, kind, value }: ObservedValue) => `${licenseId} ${rev} ${kind} ${value}`;

  return async (values) => {
    const newest = new Map(values.map((observed) => [nameOf(observed), observed]));
    const due = [...newest].filter(([name, { at }]) => {
      const age = at.getTime() - (lastStored.get(name) ?? -Infinity);
      return age < 0 || age >= lastSeenPrecisionMs;
    });
    if (due.length === 0) return;
    const upserts = due.map(([, { licenseId, guildId, kind, value, at }]) => ({
      updateOne: {
        filter: { _id: observedValueId(licenseId, kind, value) },
        update: {
          $set: { lastSeenAt: at, releasedAt: null },
          $setOnInsert: { licenseId, guildId, kind, value, firstSeenAt: at },
        },
        upsert: true,
      },
    }));
    await collectionOf(observedValues).bulkWrite(upserts, { ordered: false });
    for (const [name, { at }] of due) lastStored.set(name, at.getTime());
  };
}
