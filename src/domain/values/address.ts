import ipaddr from 'ipaddr.js';
import { foldText } from './text.ts';

/**
 * A block of addresses. Only the first 64 bits of an IPv6 address count: a provider gives each customer a whole /64, so
 * a /64 is one identity.
 */
export interface Network {
  readonly family: 4 | 6;
  /** The first 32 bits as a signed integer, as JavaScript's bit operators make it; those beyond the prefix are 0. */
  readonly high: number;
  /** Bits 33 to 64 of an IPv6 address likewise; 0 with IPv4. */
  readonly low: number;
  readonly prefix: number;
}

/** How many bits of an address count, by family. */
const widths = { 4: 32, 6: 64 } as const;

/** What an IP blacklist entry is about. */
export interface IpSubject {
  /** The canonical address or range, or the folded text: what is compared, unique per entry. */
  readonly match: string;
  /** The value as people read it. */
  readonly value: string;
  readonly shape: 'address' | 'range' | 'text';
}

const rangeText = /^([^/]+)\/(\d{1,3})$/;
const withPort = /^(?:\[([^\]]+)\](?::\d{1,5})?|([^:]+):\d{1,5})$/;

/**
 * The canonical form of an address, one per identity: IPv4 dotted (also for IPv4-mapped IPv6), IPv6 as its /64
 * (`2001:db8:1:2::/64`) without a zone. null: the text is no address. IPv4 must have four decimal parts.
 */
export function canonicalAddress(text: string): string | null {
  const network = parseAddress(text);
  return network && networkText(network);
}

/** The network of one address (its /32 or /64). Reads canonical addresses too. null: the text is no address. */
export function parseAddress(text: string): Network | null {
  const plain = plainIpv4Bits(text);
  if (plain !== null) return { family: 4, high: plain, low: 0, prefix: 32 };
  // A canonical IPv6 address, as canonicalAddress writes it.
  if (text.endsWith('/64') && text.includes(':')) return parseRange(text);
  const parsed = parse(text.trim());
  return parsed && networkOf(parsed, parsed.kind() === 'ipv4' ? 32 : 64);
}

/**
 * The network of the address in a declared identity: bare, `ip:port` or `[ip]:port`. null: the text has another form.
 */
export function declaredAddress(text: string): Network | null {
  // Without a colon it has no port. No text with a port is an address itself.
  const match = text.includes(':') ? withPort.exec(text.trim()) : null;
  return parseAddress(match?.[1] ?? match?.[2] ?? text);
}

/**
 * Reads the value of a blacklist entry for an IP: an address, a CIDR range (its host bits are cleared), or any other
 * text that a client may declare, such as `ip:port`. An IPv6 address or a range narrower than /64 stands for its /64.
 * null: the text is blank.
 */
export function parseIpSubject(text: string): IpSubject | null {
  const value = text.trim();
  if (value === '') return null;
  const address = parse(value);
  if (address) {
    const match = networkText(networkOf(address, address.kind() === 'ipv4' ? 32 : 64));
    return { match, value: match, shape: 'address' };
  }
  const range = parseRange(value);
  if (!range) return { match: foldText(value), value, shape: 'text' };
  const match = networkText(range);
  return { match, value: match, shape: match.includes('/') ? 'range' : 'address' };
}

/** Reads a CIDR range and clears its host bits. IPv6 ranges narrower than /64 become their /64. null: no range. */
export function parseRange(text: string): Network | null {
  const match = rangeText.exec(text.trim());
  const written = match?.[1];
  if (match === null || written === undefined) return null;
  const plain = plainNetwork(written);
  if (plain)
    return Number(match[2]) > (plain.family === 4 ? 32 : 128)
      ? null
      : cutNetwork(plain, Math.min(Number(match[2]), plain.prefix));
  const parsed = parse(written);
  // The prefix of an IPv4-mapped range counts from the first of 128 bits.
  const prefix = Number(match[2]) - (parsed?.kind() === 'ipv4' && written.includes(':') ? 96 : 0);
  if (!parsed || prefix < 0 || prefix > (parsed.kind() === 'ipv4' ? 32 : 128)) return null;
  return networkOf(parsed, prefix);
}

/**
 * The bits of an IPv4 address in its usual form, the form of nearly all addresses. Reading its characters in turn takes
 * a fifth of the time of a regular expression and its groups. null: the text has another form.
 */
function plainIpv4Bits(text: string): number | null {
  let bits = 0;
  let dots = 0;
  /** -1: the part has no digit yet. */
  let part = -1;
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (digit >= 0 && digit <= 9 && part !== 0) {
      part = part === -1 ? digit : part * 10 + digit;
      if (part > 255) return null;
    } else if (digit === -2 && part !== -1 && dots < 3) {
      bits = (bits << 8) | part;
      part = -1;
      dots += 1;
    } else {
      return null;
    }
  }
  return dots === 3 && part !== -1 ? (bits << 8) | part : null;
}

/** The bits of an IPv6 network as `networkText` writes it before its prefix. null: the text has another form. */
function plainIpv6Bits(text: string): Pick<Network, 'high' | 'low'> | null {
  if (!text.endsWith('::')) return null;
  let [high, low, groups, group, digits] = [0, 0, 0, 0, 0];
  for (let index = 0; index < text.length - 1; index += 1) {
    const code = text.charCodeAt(index);
    const digit = code < 58 ? code - 48 : code - 87;
    if (code === 58 && groups < 4 && (digits > 0 || text.length === 2)) {
      high = (high << 16) | (low >>> 16);
      low = (low << 16) | group;
      [groups, group, digits] = [groups + 1, 0, 0];
    } else if (digit >= 0 && digit <= 15 && (code < 58 || digit >= 10) && digits < 4) {
      group = (group << 4) | digit;
      digits += 1;
    } else {
      return null;
    }
  }
  for (; groups < 4; groups += 1) {
    high = (high << 16) | (low >>> 16);
    low <<= 16;
  }
  return { high, low };
}

/** The network of one address in the form in which nearly all are written. null: it has another form. */
function plainNetwork(text: string): Network | null {
  const ipv4 = plainIpv4Bits(text);
  if (ipv4 !== null) return { family: 4, high: ipv4, low: 0, prefix: 32 };
  const ipv6 = plainIpv6Bits(text);
  return ipv6 && { family: 6, ...ipv6, prefix: 64 };
}

function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  const unzoned = text.replace(/%[\w.-]+$/, '');
  if (!unzoned.includes(':') || !ipaddr.IPv6.isValid(unzoned)) return null;
  const address = ipaddr.IPv6.parse(unzoned);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function networkOf(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): Network {
  const family = address.kind() === 'ipv4' ? 4 : 6;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = address.toByteArray();
  const high = (a << 24) | (b << 16) | (c << 8) | d;
  const low = family === 4 ? 0 : (e << 24) | (f << 16) | (g << 8) | h;
  return cutNetwork({ family, high, low }, Math.min(prefix, widths[family]));
}

/** The network of the first `prefix` bits. */
export function cutNetwork({ family, high, low }: Omit<Network, 'prefix'>, prefix: number): Network {
  return { family, high: keepBits(high, prefix), low: keepBits(low, prefix - 32), prefix };
}

/** The first `count` of 32 bits, with the others cleared. */
export function keepBits(bits: number, count: number): number {
  if (count >= 32) return bits;
  return count <= 0 ? 0 : bits & (-1 << (32 - count));
}

/** Whether two networks have an address in common. */
export function overlap(a: Network, b: Network): boolean {
  const prefix = Math.min(a.prefix, b.prefix);
  const [cutA, cutB] = [cutNetwork(a, prefix), cutNetwork(b, prefix)];
  return a.family === b.family && cutA.high === cutB.high && cutA.low === cutB.low;
}

/**
 * What the canonical text of every address in a network begins with; `''` where they have no beginning in common. A
 * text that begins with it may still be an address outside of the network.
 */
export function textPrefix(network: Network): string {
  const { family, prefix } = network;
  if (family === 4) {
    const parts = ipv4Parts(network).slice(0, Math.floor(prefix / 8));
    return parts.join('.') + (parts.length > 0 && parts.length < 4 ? '.' : '');
  }
  const parts = ipv6Groups(network).slice(0, Math.floor(prefix / 16));
  // A part that is 0 may be written as `::` together with its neighbours.
  const zero = parts.indexOf(0);
  return parts
    .slice(0, zero === -1 ? parts.length : zero)
    .map((part) => part.toString(16) + ':')
    .join('');
}

/** A network as blacklist entries are compared: an IPv4 address alone, every other network with its prefix. */
export function networkText(network: Network): string {
  const { family, prefix } = network;
  if (family === 4) return ipv4Parts(network).join('.') + (prefix === 32 ? '' : `/${prefix}`);
  // RFC 5952 shortens the longest run of zeros. That is the last one, because the last 64 bits are 0.
  const groups = ipv6Groups(network);
  const used = groups.slice(0, groups.findLastIndex((group) => group !== 0) + 1);
  return `${used.map((group) => group.toString(16)).join(':')}::/${prefix}`;
}

function ipv4Parts({ high }: Network): readonly number[] {
  return [high >>> 24, (high >>> 16) & 0xff, (high >>> 8) & 0xff, high & 0xff];
}

function ipv6Groups({ high, low }: Network): readonly number[] {
  return [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff];
}
