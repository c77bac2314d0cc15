import { LRUCache } from 'lru-cache';
import type { BindingKind } from '../../../domain/limits.ts';
import { minuteMs } from '../../../domain/calendar.ts';
import { collectionOf, type Models } from '../models.ts';
import { observedValueId } from '../ids.ts';

export interface ObservedValue {
  readonly licenseId: number;
  readonly guildId: string;
  /** Of the license: a reset raises it, and what is used after that has to be stored again. */
  readonly rev: number;
  readonly kind: BindingKind;
  readonly value: string;
  readonly at: Date;
}

/** Seen values are exact to the minute: within it, seeing one again costs no write. */
const precisionMs = minuteMs;
const maxRemembered = 20_000;

/** Stores values used while their kind is unlimited; settles when a majority has them. */
export function createObservedValueWriter({
  observedValues,
}: Models): (values: readonly ObservedValue[]) => Promise<void> {
  const lastStored = new LRUCache<string, number>({ max: maxRemembered });
  const nameOf = ({ licenseId, rev, kind, value }: ObservedValue) => `${licenseId} ${rev} ${kind} ${value}`;

  return async (values) => {
    const newest = new Map(values.map((one) => [nameOf(one), one]));
    const due = [...newest].filter(([name, { at }]) => {
      const age = at.getTime() - (lastStored.get(name) ?? -Infinity);
      return age < 0 || age >= precisionMs;
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
