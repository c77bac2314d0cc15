import { type Binding, latestSeen, type Slot } from '../../../domain/binding.ts';
import type { BindingKind } from '../../../domain/limits.ts';
import { describeColumns, type Fields, type Row } from '../columns.ts';
import { instant, optionalInstant, plain } from '../fields.ts';

/** How a binding is stored, in `slots` and in `observed_values`. */
export const bindingColumns = describeColumns<Binding>({
  kind: plain<BindingKind>('kind'),
  value: plain<string>('value'),
  firstSeenAt: instant('first_seen'),
  lastSeenAt: instant('last_seen'),
  releasedAt: optionalInstant('released_at'),
} satisfies Fields<Binding>);

/** How a slot is stored: a binding, and in `hwid` the HWID of its machine or NULL. */
export const slotNames = [...bindingColumns.names, 'hwid'] as const;

export function slotValues(slot: Slot) {
  return [...bindingColumns.valuesOf(slot), slot.hwid ?? null];
}

export function slotFromRow(row: Row): Slot {
  const binding = bindingColumns.fromRow(row);
  return row.hwid === null ? binding : { ...binding, hwid: row.hwid as string };
}

/** `isSeenWithin` for SQL: a live slot has `last_seen > after AND last_seen <= until`. */
export function seenBounds(forgetBefore: Date | null, now: Date): readonly [after: number, until: number] {
  if (forgetBefore === null) return [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  return [forgetBefore.getTime(), latestSeen(forgetBefore, now).getTime()];
}
