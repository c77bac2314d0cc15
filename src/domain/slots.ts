import { type Binding, isSeenWithin, lastSeenPrecisionMs } from './binding.ts';
import type { CheckRequest } from './check-request.ts';
import type { GrantWrites } from './decision.ts';
import type { Snapshot } from './snapshot.ts';
import type { License } from './license.ts';
import { type BindingKind, bindingKinds, type Limit } from './limits.ts';
import { effectiveForgetAfter, effectiveLimits } from './effective-limits.ts';
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

/** What `slotUse` looks at. `ip` is the address that the protocol's IP limits count. */
export interface SlotCheck {
  readonly request: CheckRequest;
  readonly snapshot: Snapshot;
  readonly ip: string | null;
}

/** The request's value of a kind with the slot that it has; null: the request sends none. */
export function slotUse(check: SlotCheck, license: License, product: Product, kind: BindingKind): SlotUse | null {
  const value = { ip: check.ip, hwid: check.request.hwid, mac: check.request.mac }[kind];
  if (value === null) return null;
  const { now, slots, bundle } = check.snapshot;
  const limit = effectiveLimits(license, product, bundle.settings)[kind];
  const forgetAfter = effectiveForgetAfter(license, bundle.settings)[kind];
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
  return live !== null || slots.countLive(kind, forgetBefore) < limit;
}

/** The writes that a grant makes for the request's values. */
export function slotWrites(
  check: SlotCheck,
  license: License,
  product: Product,
): Pick<GrantWrites, 'take' | 'refresh' | 'observed'> {
  const uses = bindingKinds.map((kind) => slotUse(check, license, product, kind)).filter((use) => use !== null);
  const limited = uses.filter(({ limit }) => limit !== null);
  const slotOf = ({ kind, value }: SlotUse) => ({ kind, value });
  return {
    take: limited
      .filter(({ live }) => live === null)
      .map((use) => ({ ...slotOf(use), forgetBefore: use.forgetBefore })),
    refresh: limited.filter((use) => isRefreshDue(use, check.snapshot.now)).map(slotOf),
    observed: uses.filter(({ limit }) => limit === null).map(slotOf),
  };
}

/**
 * Whether the time at which a live slot was last seen is to be written: once an hour, or each tenth of `forgetAfter` if
 * that is less. Checks of known machines thus cost few writes. A time in the future is corrected as well.
 */
function isRefreshDue({ live, forgetAfter }: SlotUse, now: Date): boolean {
  if (live === null) return false;
  const exactMs = Math.min(lastSeenPrecisionMs, forgetAfter === null ? Infinity : (forgetAfter * minuteMs) / 10);
  return Math.abs(now.getTime() - live.lastSeenAt.getTime()) > exactMs;
}
