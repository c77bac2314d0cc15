import { type Binding, isSeenWithin, lastSeenPrecisionMs } from './binding.ts';
import type { CheckRequest } from './check-request.ts';
import type { GrantWrites } from './decision.ts';
import type { Snapshot } from './snapshot.ts';
import type { License } from './license.ts';
import { type BindingKind, bindingKinds, type Limit } from './limits.ts';
import { effectiveForgetTime, effectiveLimit } from './effective-limits.ts';
import type { Product } from './product.ts';
import { minuteMs } from './values/calendar.ts';

/** The value of one kind that a request sends, compared with the license's slots. */
export interface SlotUse {
  readonly kind: BindingKind;
  readonly value: string;
  readonly limit: Limit;
  /** In minutes; null: never. */
  readonly forgetAfter: number | null;
  /** Slots last seen at or before this instant have timed out (`isSeenWithin`); null: none have. */
  readonly forgetBefore: Date | null;
  /** The value's slot; null: it has none, or the slot was released or has timed out. */
  readonly live: Binding | null;
}

/** What `slotUse` looks at. */
export interface SlotCheck {
  readonly request: CheckRequest;
  readonly snapshot: Snapshot;
  /** The address that the protocol's IP limits count. */
  readonly ip: string | null;
  /** The license with its own product; null: there is no license, or its product is deleted. */
  readonly licensed: { readonly license: License; readonly product: Product } | null;
  /** What `slotUse` has found, because several rules and the grant ask for the same; undefined: not yet asked. */
  readonly slotUses: Record<BindingKind, SlotUse | null | undefined>;
}

/** The request's value of a kind with the slot that it has; null: the request sends none, or there is no license. */
export function slotUse(check: SlotCheck, kind: BindingKind): SlotUse | null {
  const known = check.slotUses[kind];
  return known === undefined ? (check.slotUses[kind] = findSlotUse(check, kind)) : known;
}

function findSlotUse({ request, snapshot, ip, licensed }: SlotCheck, kind: BindingKind): SlotUse | null {
  const value = kind === 'ip' ? ip : request[kind];
  if (value === null || licensed === null) return null;
  const { license, product } = licensed;
  const { now, slots, bundle } = snapshot;
  const limit = effectiveLimit(kind, license, product, bundle.settings);
  const forgetAfter = effectiveForgetTime(kind, license, bundle.settings);
  const forgetBefore = forgetAfter === null ? null : new Date(now.getTime() - forgetAfter * minuteMs);
  const found = limit === null ? null : slots.find(kind, value);
  const isLive = found?.releasedAt === null && isSeenWithin(found.lastSeenAt, forgetBefore, now);
  const live = isLive ? found : null;
  return { kind, value, limit, forgetAfter, forgetBefore, live };
}

/** Whether the value has a slot or a free one is left. With a limit of 0 no value passes. */
export function hasSlot({ kind, limit, forgetBefore, live }: SlotUse, { slots }: Snapshot): boolean {
  if (limit === null) return true;
  if (limit === 0) return false;
  return live !== null || !slots.hasLive(kind, limit, forgetBefore);
}

/** The writes that a grant makes for the request's values. */
export function slotWrites(check: SlotCheck): Pick<GrantWrites, 'take' | 'refresh' | 'observed'> {
  const take: GrantWrites['take'][number][] = [];
  const refresh: GrantWrites['refresh'][number][] = [];
  const observed: GrantWrites['observed'][number][] = [];
  for (const kind of bindingKinds) {
    const use = slotUse(check, kind);
    if (use === null) continue;
    const { value, limit, forgetBefore, live } = use;
    if (limit === null) observed.push({ kind, value });
    else if (live === null) take.push({ kind, value, forgetBefore });
    else if (isRefreshDue(live, use.forgetAfter, check.snapshot.now)) refresh.push({ kind, value });
  }
  return { take, refresh, observed };
}

/**
 * Whether the time at which a live slot was last seen is to be written: once an hour, or each tenth of `forgetAfter` if
 * that is less. Checks of known machines thus cost few writes. A time in the future is corrected as well.
 */
function isRefreshDue(live: Binding, forgetAfter: number | null, now: Date): boolean {
  const exactMs = Math.min(lastSeenPrecisionMs, forgetAfter === null ? Infinity : (forgetAfter * minuteMs) / 10);
  return Math.abs(now.getTime() - live.lastSeenAt.getTime()) > exactMs;
}
