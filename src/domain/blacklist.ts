import {
  declaredAddress,
  keepBits,
  type Network,
  parseAddress,
  parseIpSubject,
  parseRange,
  widths,
} from './values/address.ts';
import { parseCountry } from './values/countries.ts';
import { parseSnowflake } from './values/ids.ts';
import { keySuffix, maskKey, normaliseKey } from './values/key-format.ts';
import { fail, type Result, succeed } from './values/result.ts';
import { foldText } from './values/text.ts';

export const blacklistTypes = ['ip', 'hwid', 'key', 'user', 'country'] as const;
export type BlacklistType = (typeof blacklistTypes)[number];

export interface BlacklistEntry {
  readonly id: number;
  readonly guildId: string;
  readonly type: BlacklistType;
  /**
   * The value as people read it: an address, CIDR range or declared text, a HWID, a Discord user id, an ISO alpha-3
   * country code, or a key's masked suffix.
   */
  readonly value: string;
  /**
   * The value that checks compare: the canonical address or range, the folded text, the user id, the country code, or
   * the key's look-up hash in hex. Unique per guild and type.
   */
  readonly match: string;
  readonly reason: string | null;
  readonly expiresAt: Date | null;
  /** How many attempts the entry has denied. */
  readonly hits: number;
  readonly createdAt: Date;
  /** `actorText` of the actor who added it. */
  readonly createdBy: string;
}

/** Look-ups in a guild's blacklist. Expired entries never match. */
export interface BlacklistReader {
  /** The most specific entry that covers any of the texts (addresses, `ip:port` forms, declared texts). */
  findIp(texts: readonly string[], now: Date): BlacklistEntry | null;
  /** The most specific entry that covers all addresses of a range. */
  findRange(range: Network, now: Date): BlacklistEntry | null;
  find(type: Exclude<BlacklistType, 'ip'>, match: string, now: Date): BlacklistEntry | null;
}

/** A guild's entries in memory. Each look-up takes a few hash accesses, however many entries there are. */
export interface BlacklistIndex extends BlacklistReader {
  /** Adds an entry, replacing the one with the same type and value. */
  add(entry: BlacklistEntry): void;
  remove(id: number): void;
}

/** The value of an entry as the store takes it. `match` is null for a key, whose hash only the store can compute. */
export interface BlacklistValue {
  readonly value: string;
  readonly match: string | null;
}

const maxValueLength = 1024;
/** The rank of a declared text: above every address, whose rank is its prefix length of at most 128. */
const textRank = 129;
/** What is added to an IPv4 prefix length, so that it compares with those of IPv6. */
const ipv4Rank = 96;
/** A mistyped IPv4 address or range. Taken as a declared text, it would never match. */
const brokenIpv4 = /^\d+(?:\.\d+){3}$|^[\d.]+\/\d+$/;

/** An index over the entries; `add` and `remove` keep it current. */
export function createBlacklistIndex(entries: readonly BlacklistEntry[]): BlacklistIndex {
  const byId = new Map<number, BlacklistEntry>();
  const exact = new Map<string, BlacklistEntry>();
  const networks = { 4: createNetworkTable(widths[4]), 6: createNetworkTable(widths[6]) };

  const exactKey = (type: BlacklistType, match: string) => `${type}:${match}`;
  const networkOf = (entry: BlacklistEntry) =>
    entry.type === 'ip' ? (parseAddress(entry.match) ?? parseRange(entry.match)) : null;

  function add(entry: BlacklistEntry): void {
    const network = networkOf(entry);
    const replaced = network
      ? networks[network.family].set(network, entry)
      : (exact.get(exactKey(entry.type, entry.match)) ?? null);
    if (!network) exact.set(exactKey(entry.type, entry.match), entry);
    if (replaced) byId.delete(replaced.id);
    byId.set(entry.id, entry);
  }

  function remove(id: number): void {
    const entry = byId.get(id);
    if (!entry) return;
    byId.delete(id);
    const network = networkOf(entry);
    if (network) networks[network.family].delete(network);
    else exact.delete(exactKey(entry.type, entry.match));
  }

  function find(type: BlacklistType, match: string, now: Date): BlacklistEntry | null {
    const entry = exact.get(exactKey(type, match));
    return entry && isInForce(entry, now) ? entry : null;
  }

  /** The most specific entry in force that covers one text. A higher rank is more specific. */
  function findCovering(text: string, now: Date): { readonly entry: BlacklistEntry; readonly rank: number } | null {
    const same = find('ip', foldText(text), now);
    if (same) return { entry: same, rank: textRank };
    const address = declaredAddress(text);
    const found = address && networks[address.family].find(address.bits, now);
    return found && { entry: found.entry, rank: found.prefix + (address.family === 4 ? ipv4Rank : 0) };
  }

  function findIp(texts: readonly string[], now: Date): BlacklistEntry | null {
    let best: ReturnType<typeof findCovering> = null;
    for (const text of texts) {
      const found = findCovering(text, now);
      if (found && (best === null || found.rank > best.rank)) best = found;
    }
    return best?.entry ?? null;
  }

  function findRange({ family, bits, prefix }: Network, now: Date): BlacklistEntry | null {
    return networks[family].find(bits, now, prefix)?.entry ?? null;
  }

  for (const entry of entries) add(entry);
  return { add, remove, find, findIp, findRange };
}

/** Why a text names nothing that can be blacklisted. */
export type BlacklistValueProblem =
  | { readonly code: 'value-too-long'; readonly max: number }
  | { readonly code: 'not-an-ip' | 'hwid-missing' | 'not-a-user' | 'not-a-country' | 'not-a-key' };

/** Brings what a staff member wants to blacklist into the form that is compared. Problems never repeat a key. */
export function normaliseBlacklistValue(
  type: BlacklistType,
  text: string,
): Result<BlacklistValue, BlacklistValueProblem> {
  const value = text.trim();
  if (value.length > maxValueLength) return fail({ code: 'value-too-long', max: maxValueLength });
  switch (type) {
    case 'ip': {
      const subject = parseIpSubject(value);
      if (subject && !(subject.shape === 'text' && brokenIpv4.test(value))) return succeed(subject);
      return fail({ code: 'not-an-ip' });
    }
    case 'hwid':
      return value === '' ? fail({ code: 'hwid-missing' }) : succeed({ value, match: foldText(value) });
    case 'user': {
      const id = parseSnowflake(value);
      return id === null ? fail({ code: 'not-a-user' }) : succeed({ value: id, match: id });
    }
    case 'country': {
      const code = parseCountry(value);
      return code === null ? fail({ code: 'not-a-country' }) : succeed({ value: code, match: code });
    }
    case 'key': {
      const key = normaliseKey(value);
      return key === null ? fail({ code: 'not-a-key' }) : succeed({ value: maskKey(keySuffix(key)), match: null });
    }
  }
}

function isInForce(entry: BlacklistEntry, now: Date): boolean {
  return entry.expiresAt === null || now.getTime() < entry.expiresAt.getTime();
}

/** Networks by prefix length, with one map per length in use, longest first. */
function createNetworkTable(width: number) {
  const lengths: { readonly prefix: number; readonly entries: Map<bigint, BlacklistEntry> }[] = [];
  const at = (prefix: number) => lengths.find((length) => length.prefix === prefix);
  return {
    /** Returns the entry that the new one replaces. */
    set({ bits, prefix }: Network, entry: BlacklistEntry): BlacklistEntry | null {
      let length = at(prefix);
      if (!length) {
        length = { prefix, entries: new Map() };
        lengths.push(length);
        lengths.sort((a, b) => b.prefix - a.prefix);
      }
      const replaced = length.entries.get(bits) ?? null;
      length.entries.set(bits, entry);
      return replaced;
    },
    delete({ bits, prefix }: Network): void {
      const length = at(prefix);
      length?.entries.delete(bits);
      if (length?.entries.size === 0) lengths.splice(lengths.indexOf(length), 1);
    },
    /** `longest`: networks with a longer prefix are left out. */
    find(bits: bigint, now: Date, longest = width): { readonly entry: BlacklistEntry; readonly prefix: number } | null {
      for (const { prefix, entries } of lengths) {
        if (prefix > longest) continue;
        const entry = entries.get(keepBits(bits, width, prefix));
        if (entry && isInForce(entry, now)) return { entry, prefix };
      }
      return null;
    },
  };
}
