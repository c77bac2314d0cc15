import { createBlacklistIndex } from '../domain/blacklist/blacklist-index.ts';
import {
  type BlacklistAssessment,
  type BlacklistImpact,
  concernsAbout,
  needsValue,
  networkOf,
} from '../domain/blacklist/blacklist-impact.ts';
import { type Network, textPrefix } from '../domain/values/address.ts';
import { dayMs } from '../domain/values/calendar.ts';
import { expandProxy } from '../domain/values/network-ranges.ts';
import { foldText } from '../domain/values/text.ts';
import { proxyNote, trustedProxiesNote } from '../domain/notes.ts';
import type { GrantOrigin, ReachQuery } from '../storage/port/blacklist.ts';
import type { Storage } from '../storage/port/storage.ts';
import type { BlacklistSubject } from './blacklist-subject.ts';
import type { ServiceContext } from './context.ts';
import { licensesIn } from './departures.ts';

/** The impact of an entry is what was bound or granted within so many days. */
const impactDays = 7;
/**
 * How many bindings and attempts an assessment looks at, each. With fewer, it sees all of the seven days; with more, it
 * still ends after a second or a few, and its numbers are lower bounds.
 */
const maxRows = 200_000;
/** An entry that hits so many is a mistake, whatever the exact number is. */
const maxLicenses = 10_000;
const lastText = '\u{10ffff}';

type Matchers = Pick<ReachQuery, 'bindings' | 'matches'>;

/** How a staff member's entry is assessed. `trustedProxies`: those of this process, besides those of the server. */
export type AssessEntry = (
  guildId: string,
  subject: BlacklistSubject,
  trustedProxies: readonly string[],
) => Promise<BlacklistAssessment>;

export function createAssessEntry({ storage, clock }: ServiceContext): AssessEntry {
  async function impactOf(guildId: string, subject: BlacklistSubject): Promise<BlacklistImpact> {
    const now = clock();
    const owned = await ownedBy(storage, guildId, subject);
    const { grants, ...reach } = await storage.blacklistReach(guildId, {
      since: new Date(now.getTime() - impactDays * dayMs),
      countSince: new Date(now.getTime() - dayMs),
      ...(owned ? { bindings: null, matches: ({ licenseId }) => owned.ids.has(licenseId) } : matchersOf(subject, now)),
      ...{ maxRows, maxLicenses },
    });
    if (!owned) return { ...reach, lastDay: grants };
    return { licenses: owned.ids.size, owners: owned.owners, isComplete: true, lastDay: grants };
  }

  /** The proxies that the server stands behind: declared ones, and one that was seen to forward within the last day. */
  async function proxiesOf(trustedProxies: readonly string[]): Promise<readonly string[]> {
    const [declared, seen] = await Promise.all([storage.note(trustedProxiesNote), storage.note(proxyNote)]);
    const [at = '', address = ''] = (seen ?? '').split(' ');
    const isRecent = clock().getTime() - Date.parse(at) < dayMs;
    return [...trustedProxies, ...(declared ?? '').split(','), ...(isRecent ? [address] : [])]
      .filter((proxy) => proxy !== '')
      .flatMap(expandProxy);
  }

  return async (guildId, subject, trustedProxies) => {
    const impact = await impactOf(guildId, subject);
    const { type, value, license } = subject;
    const concerns = concernsAbout(subject, impact, await proxiesOf(trustedProxies));
    const confirmWith = needsValue(concerns) ? (license ? String(license.id) : value) : null;
    return { type, value, impact, concerns, confirmWith };
  };
}

/** The licenses that an entry for a user or key denies whatever they were used from; null: it is about something else. */
async function ownedBy(storage: Storage, guildId: string, { type, value, license }: BlacklistSubject) {
  if (type === 'key') {
    const isAlive = license !== null && license.deletedAt === null;
    return { ids: new Set(isAlive ? [license.id] : []), owners: isAlive && license.ownerId !== null ? 1 : 0 };
  }
  if (type !== 'user') return null;
  const ids = new Set((await licensesIn(storage, guildId, value)).map(({ id }) => id));
  return { ids, owners: ids.size > 0 ? 1 : 0 };
}

/** Matches bindings and grants as a check would compare them with the entry. */
function matchersOf({ type, value, match }: BlacklistSubject, now: Date): Matchers {
  switch (type) {
    case 'ip': {
      const isListed = remember(ipMatcher(match ?? '', now));
      return {
        bindings: { kind: 'ip', matches: isListed, ranges: ipRanges(value, match ?? '') },
        matches: ({ declaredIp, observedIp }) => isListed(observedIp) || (declaredIp !== null && isListed(declaredIp)),
      };
    }
    case 'hwid': {
      const isListed = (hwid: string) => foldText(hwid) === match;
      // The spellings that are likeliest come first, so that they are found however many HWIDs there are.
      const spellings = new Set([value, value.toLowerCase(), value.toUpperCase()]);
      const ranges = [...[...spellings].map((text) => ({ from: text, to: text })), { from: '', to: lastText }];
      return {
        bindings: { kind: 'hwid', matches: isListed, ranges },
        matches: ({ hwid }) => hwid !== null && isListed(hwid),
      };
    }
    default:
      return { bindings: null, matches: ({ country }: GrantOrigin) => country === match };
  }
}

function ipMatcher(match: string, now: Date): (text: string) => boolean {
  const index = createBlacklistIndex([{ id: 1, type: 'ip', match, expiresAt: null }]);
  return (text) => index.findIp([text], now) !== null;
}

/** Where bound values that an IP entry matches begin. Unusual spellings are found by their grants alone. */
function ipRanges(value: string, match: string): readonly { readonly from: string; readonly to: string }[] {
  const network: Network | null = networkOf(match);
  if (!network) return [...new Set([value, match])].map((text) => ({ from: text, to: text }));
  const prefix = textPrefix(network);
  if (prefix === '') return [{ from: '', to: lastText }];
  return [prefix, `[${prefix}`].map((from) => ({ from, to: `${from}${lastText}` }));
}

/** How many texts are remembered: to let go of them, or to make room for more of them, must not take milliseconds. */
const maxRemembered = 10_000;

/** The same addresses come again and again, and to read one of IPv6 takes up to 40 µs. */
function remember(matches: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    let answer = known.get(text);
    if (answer === undefined) {
      answer = matches(text);
      if (known.size === maxRemembered) known.clear();
      known.set(text, answer);
    }
    return answer;
  };
}
