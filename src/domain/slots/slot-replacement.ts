import type { Slot } from '../binding.ts';
import { withinLast30Days } from '../resets.ts';
import type { BindingKind } from '../limits.ts';
import type { Settings } from '../settings/settings.ts';
import { dayMs, isFromWrongClock } from '../values/calendar.ts';
import { declaredAddress } from '../values/address.ts';

/** How a value of a full kind gets a slot nevertheless. */
export interface Replacement {
  /** The values whose slots it takes; none where it shares the place of another address of its machine. */
  readonly values: readonly string[];
  /** Whether it counts towards `limits.replacesPer30Days`. */
  readonly isCounted: boolean;
}

/** What a replacement is decided on. */
export interface FullKind {
  readonly kind: BindingKind;
  readonly value: string;
  readonly limit: number;
  /** The kind's live slots, of which there are at least as many as the limit; `value` is not among them. */
  readonly slots: readonly Slot[];
  readonly settings: Settings;
  /** The request's HWID if it holds a live slot of a limited kind; null: it does not. */
  readonly knownHwid: string | null;
  /** The license's `replacements`. */
  readonly replacements: readonly Date[];
  readonly now: Date;
}

/** Whether addresses follow the HWIDs of their machines in this guild. */
export function followsHwid(kind: BindingKind, settings: Settings): boolean {
  return kind === 'ip' && settings['limits.ipMode'] === 'follow-hwid';
}

/** Whether slots of a kind may give way in this guild; otherwise the store is not asked for them. */
export function mayReplace(kind: BindingKind, settings: Settings): boolean {
  return settings['limits.onFull'] === 'replace-oldest' || followsHwid(kind, settings);
}

/** What gives way to a new value of a kind whose limit is reached; null: nothing does, and the value is denied. Pure. */
export function findReplacement(full: FullKind): Replacement | null {
  const { kind, value, limit, slots, settings, knownHwid, now } = full;
  const isFollowing = followsHwid(kind, settings);
  const places = isFollowing ? placesOf(slots, now) : byLastUse(slots, now).map((slot) => [slot]);
  const free = { values: [], isCounted: false };
  if (places.length < limit) return free;
  if (isFollowing && knownHwid !== null) {
    const own: Slot = { kind, value, firstSeenAt: now, lastSeenAt: now, releasedAt: null, hwid: knownHwid };
    const alike = slots.filter((slot) => slot.hwid === knownHwid);
    const isShared = placesOf([...alike, own], now).length === placesOf(alike, now).length;
    return isShared ? free : { values: leastRecent(places, now), isCounted: false };
  }
  if (settings['limits.onFull'] !== 'replace-oldest') return null;
  const used = withinLast30Days(full.replacements, now).length;
  if (used >= settings['limits.replacesPer30Days']) return null;
  return { values: leastRecent(places, now), isCounted: true };
}

/**
 * The live addresses by the places that they take where addresses follow HWIDs: one IPv4 and one IPv6 address that a
 * HWID used within a day of each other share one, and every other address has its own.
 *
 * As many pairs as possible are made, so that an address which shares a place takes none, and one that is removed never
 * makes the others take more. Two addresses can be a pair if the times in which they were used, each made longer by half
 * a day at both ends, overlap. For intervals this greedy choice is exact: the one that ends first is paired with the
 * one that ends next.
 */
export function placesOf(addresses: readonly Slot[], now: Date): readonly (readonly Slot[])[] {
  const places: Slot[][] = [];
  const unpaired = new Map<string, Slot[][]>();
  const unpairedOf = (family: 4 | 6, hwid: string) => {
    const name = `${family} ${hwid}`;
    const found = unpaired.get(name) ?? [];
    unpaired.set(name, found);
    return found;
  };
  for (const slot of byLastUse(addresses, now)) {
    const { hwid } = slot;
    const family = hwid === undefined || isUnbelievable(slot, now) ? undefined : declaredAddress(slot.value)?.family;
    if (hwid === undefined || family === undefined) {
      places.push([slot]);
      continue;
    }
    const isNear = ([earlier]: readonly Slot[]) =>
      earlier !== undefined && slot.firstSeenAt.getTime() - earlier.lastSeenAt.getTime() <= dayMs;
    const partners = unpairedOf(family === 4 ? 6 : 4, hwid);
    const nearest = partners.findIndex(isNear);
    const [shared] = nearest === -1 ? [] : partners.splice(nearest, 1);
    const place = shared ?? [];
    place.push(slot);
    if (shared) continue;
    places.push(place);
    unpairedOf(family, hwid).push(place);
  }
  return places;
}

/** The values of the place that was used least recently; of several the first. */
function leastRecent(places: readonly (readonly Slot[])[], now: Date): readonly string[] {
  const lastUse = (place: readonly Slot[]) => Math.max(...place.map((slot) => believedUse(slot, now)));
  const [first] = places.toSorted((a, b) => lastUse(a) - lastUse(b));
  return (first ?? []).map(({ value }) => value);
}

/** The least recently used first, in the same order whatever order the store has. */
function byLastUse(slots: readonly Slot[], now: Date): readonly Slot[] {
  return slots.toSorted((a, b) => believedUse(a, now) - believedUse(b, now) || (a.value < b.value ? -1 : 1));
}

/** In ms. What a clock that was ahead has seen was not used since then, so its last use is the longest ago. */
function believedUse(slot: Slot, now: Date): number {
  return isUnbelievable(slot, now) ? 0 : slot.lastSeenAt.getTime();
}

function isUnbelievable({ lastSeenAt }: Slot, now: Date): boolean {
  return isFromWrongClock(lastSeenAt, dayMs, now);
}
