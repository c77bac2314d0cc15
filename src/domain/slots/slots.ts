import { type Binding, isSeenWithin, lastSeenPrecisionMs, replaceablePrecisionMs } from '../binding.ts';
import type { CheckRequest } from '../check-request.ts';
import type { GrantWrites, SlotTake } from '../decision.ts';
import type { Snapshot } from '../snapshot.ts';
import type { License } from '../license.ts';
import { type BindingKind, bindingKinds, type Limit } from '../limits.ts';
import { effectiveForgetTime, effectiveLimit } from '../effective-limits.ts';
import type { Product } from '../product.ts';
import { withinLast30Days } from '../resets.ts';
import type { Settings } from '../settings/settings.ts';
import { findReplacement, followsHwid, mayReplace, type Replacement } from './slot-replacement.ts';
import { minuteMs } from '../values/calendar.ts';

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
  /** What `hasSlot` has found to give way, by kind; it is empty for nearly every check. */
  readonly givingWay: Partial<Record<BindingKind, Replacement>>;
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

/** Whether the value has a slot, a free one is left, or another gives way. With a limit of 0 no value passes. */
export function hasSlot(check: SlotCheck, { kind, value, limit, forgetBefore, live }: SlotUse): boolean {
  const { slots, bundle, license, now } = check.snapshot;
  if (limit === null) return true;
  if (limit === 0) return false;
  if (live !== null || !slots.hasLive(kind, limit, forgetBefore)) return true;
  if (!mayReplace(kind, bundle.settings)) return false;
  const replacement = findReplacement({
    kind,
    value,
    limit,
    slots: slots.live(kind, forgetBefore),
    settings: bundle.settings,
    knownHwid: slotUse(check, 'hwid')?.live?.value ?? null,
    replacements: license?.replacements ?? [],
    now,
  });
  if (replacement !== null) check.givingWay[kind] = replacement;
  return replacement !== null;
}

/** The writes that a grant makes for the request's values. */
export function slotWrites(check: SlotCheck): Pick<GrantWrites, 'take' | 'refresh' | 'observed' | 'replacements'> {
  const { license, now, bundle } = check.snapshot;
  const take: SlotTake[] = [];
  const refresh: GrantWrites['refresh'][number][] = [];
  const observed: GrantWrites['observed'][number][] = [];
  for (const kind of bindingKinds) {
    const use = slotUse(check, kind);
    if (use === null) continue;
    const { value, limit, live } = use;
    if (limit === null) observed.push({ kind, value });
    else if (live === null) take.push(takeOf(check, use));
    else if (isRefreshDue(live, use.forgetAfter, bundle.settings, now)) refresh.push({ kind, value });
  }
  // However many slots a new machine takes, it replaces one other machine.
  const isCounted = Object.values(check.givingWay).some((replacement) => replacement.isCounted);
  const replacements = isCounted ? [...withinLast30Days(license?.replacements ?? [], now), now] : null;
  return { take, refresh, observed, replacements };
}

/** An address remembers the HWID of its machine where addresses follow HWIDs. */
function takeOf(check: SlotCheck, { kind, value, forgetBefore }: SlotUse): SlotTake {
  const replaces = check.givingWay[kind]?.values ?? [];
  const machine = followsHwid(kind, check.snapshot.bundle.settings) ? slotUse(check, 'hwid') : null;
  return {
    kind,
    value,
    forgetBefore,
    ...(replaces.length > 0 ? { replaces } : {}),
    ...(machine !== null && machine.limit !== null ? { hwid: machine.value } : {}),
  };
}

/**
 * Whether the time at which a live slot was last seen is to be written: once an hour, or each tenth of `forgetAfter` if
 * that is less, or every 10 minutes where the least recently seen slot gives way. Checks of known machines thus cost few
 * writes. A time in the future is corrected as well.
 */
function isRefreshDue(live: Binding, forgetAfter: number | null, settings: Settings, now: Date): boolean {
  const usualMs = mayReplace(live.kind, settings) ? replaceablePrecisionMs : lastSeenPrecisionMs;
  const exactMs = forgetAfter === null ? usualMs : Math.min(usualMs, (forgetAfter * minuteMs) / 10);
  return Math.abs(now.getTime() - live.lastSeenAt.getTime()) > exactMs;
}
