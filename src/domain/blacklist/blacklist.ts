import { cutNetwork, declaredAddress, type Network, networkText, parseIpSubject } from '../values/address.ts';
import { parseCountry } from '../values/countries.ts';
import { parseSnowflake } from '../values/ids.ts';
import { keySuffix, maskKey, normaliseKey } from '../values/key-format.ts';
import { fail, type Result, succeed } from '../values/result.ts';
import { foldText } from '../values/text.ts';

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

/** What checks compare of an entry. Its reason, hits and the rest are read where people ask for them. */
export type ListedEntry = Pick<BlacklistEntry, 'id' | 'type' | 'match' | 'expiresAt'>;

/** Look-ups in a guild's blacklist for checks, each for the id of an entry. Expired entries never match. */
export interface BlacklistReader {
  /** The most specific entry that covers any of the texts (addresses, `ip:port` forms, declared texts). */
  findIp(texts: readonly string[], now: Date): number | null;
  find(type: Exclude<BlacklistType, 'ip'>, match: string, now: Date): number | null;
}

/** The value of an entry as the store takes it. `match` is null for a key, whose hash only the store can compute. */
export interface BlacklistValue {
  readonly value: string;
  readonly match: string | null;
}

const maxValueLength = 1024;
/** A mistyped IPv4 address or range. Taken as a declared text, it would never match. */
const brokenIpv4 = /^\d+(?:\.\d+){3}$|^[\d.]+\/\d+$/;

/** The matches of all entries that would deny a client with any of the texts, the most specific first. */
export function ipMatches(texts: readonly string[]): readonly string[] {
  const networks = texts.map(declaredAddress).filter((network) => network !== null);
  const declared = texts.map(parseIpSubject).filter((subject) => subject?.shape === 'text');
  return [...declared.map((subject) => subject?.match ?? ''), ...rangeMatches(...networks)];
}

/** The matches of all entries that cover all addresses of one of the networks, the most specific first. */
export function rangeMatches(...networks: readonly Network[]): readonly string[] {
  const covering = networks.flatMap((network) =>
    Array.from({ length: network.prefix + 1 }, (_, prefix) => cutNetwork(network, prefix)),
  );
  return covering.toSorted((a, b) => specificity(b) - specificity(a)).map(networkText);
}

/** How small a network is; comparable between IPv4 and IPv6. */
export function specificity({ family, prefix }: Pick<Network, 'family' | 'prefix'>): number {
  return family === 4 ? prefix + 96 : prefix;
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
