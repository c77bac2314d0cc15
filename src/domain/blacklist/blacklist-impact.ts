import type { BlacklistType } from './blacklist.ts';
import { type Network, overlap, parseAddress, parseRange } from '../values/address.ts';
import { loopbackRanges, privateRanges } from '../values/network-ranges.ts';
import { isPlaceholderHwid } from '../values/placeholder-hwids.ts';

/** What an entry would hit, as far as the last days show it. */
export interface BlacklistImpact {
  /** Licenses that were bound or granted from there in the last 7 days; of a user or key, all of them. */
  readonly licenses: number;
  /** Their distinct owners. */
  readonly owners: number;
  /** false: there were too many bindings or checks to look at all of them, and the numbers are lower bounds. */
  readonly isComplete: boolean;
  /** The grants of the last day: all of the guild, and those that the entry would have denied. */
  readonly lastDay: { readonly all: number; readonly matching: number };
}

/**
 * Why an entry needs a confirmation, the gravest first. The first five need the value itself, the others a yes: see
 * `needsValue`.
 */
export const blacklistConcerns = [
  'loopback',
  'proxy',
  'private-network',
  'placeholder-hwid',
  'most-grants',
  'wide-range',
  'several-licenses',
] as const;
export type BlacklistConcern = (typeof blacklistConcerns)[number];

/** What a staff member is asked before an entry is added. */
export interface BlacklistAssessment {
  readonly type: BlacklistType;
  /** The value as people read it; of a key its masked suffix. */
  readonly value: string;
  readonly impact: BlacklistImpact;
  /** Empty: the entry is added without a question. */
  readonly concerns: readonly BlacklistConcern[];
  /** What has to be typed to confirm: the value, or of a key the id of its license. null: a yes is enough. */
  readonly confirmWith: string | null;
}

/** The network of an IP entry; null: it is for a declared text. */
export function networkOf(match: string): Network | null {
  return parseAddress(match) ?? parseRange(match);
}

/** Ranges with a shorter prefix are asked about whatever they hit: more than one site's addresses, by custom. */
const narrowPrefix = { 4: 24, 6: 48 } as const;
const severalLicenses = 2;
/** Below this, a single license may well make most of the grants of a small shop's day. */
const severalGrants = 10;

/**
 * What speaks against adding an entry without a question. `proxies`: the addresses and ranges of the proxies that the
 * server stands behind.
 */
export function concernsAbout(
  { type, match }: { readonly type: BlacklistType; readonly match: string | null },
  impact: BlacklistImpact,
  proxies: readonly string[],
): readonly BlacklistConcern[] {
  const network = type === 'ip' && match !== null ? networkOf(match) : null;
  const holds = (ranges: readonly string[]) =>
    network !== null &&
    ranges.some((range) => {
      const other = networkOf(range);
      return other !== null && overlap(network, other);
    });
  const { licenses, lastDay } = impact;
  const isTrue: Readonly<Record<BlacklistConcern, boolean>> = {
    loopback: holds(loopbackRanges),
    proxy: holds(proxies),
    'private-network': proxies.length > 0 && holds(privateRanges),
    'placeholder-hwid': type === 'hwid' && match !== null && isPlaceholderHwid(match),
    'most-grants':
      lastDay.matching * 2 > lastDay.all && (licenses >= severalLicenses || lastDay.matching >= severalGrants),
    'wide-range': network !== null && network.prefix < narrowPrefix[network.family],
    'several-licenses': licenses >= severalLicenses,
  };
  return blacklistConcerns.filter((concern) => isTrue[concern]);
}

/** Whether the value has to be typed out, because the entry may well deny everybody. */
export function needsValue(concerns: readonly BlacklistConcern[]): boolean {
  return concerns.some((concern) => concern !== 'wide-range' && concern !== 'several-licenses');
}
