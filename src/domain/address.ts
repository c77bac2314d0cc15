import ipaddr from 'ipaddr.js';
import { foldText } from './text.ts';

/** A block of addresses. Of IPv6 only the first 64 bits count: one identity per /64. */
export interface Network {
  readonly family: 4 | 6;
  /** The family's bits that count (32 or 64), those beyond the prefix cleared. */
  readonly bits: bigint;
  readonly prefix: number;
}

/** How wide a family's addresses are here. */
export const widths = { 4: 32, 6: 64 } as const;

/** What an IP blacklist entry is about. */
export interface IpSubject {
  /** The canonical address or range, or the folded text: what is compared, unique per entry. */
  readonly match: string;
  /** What people see. */
  readonly value: string;
  readonly shape: 'address' | 'range' | 'text';
}

const rangeText = /^([^/]+)\/(\d{1,3})$/;
const withPort = /^(?:\[([^\]]+)\](?::\d{1,5})?|([^:]+):\d{1,5})$/;

/**
 * An address as one identity: IPv4 dotted (IPv4-mapped IPv6 too), IPv6 as its /64 (`2001:db8:1:2::/64`), without zone.
 * null: no address. IPv4 in other than four decimal parts is none.
 */
export function canonicalAddress(text: string): string | null {
  const network = parseAddress(text);
  return network && networkText(network);
}

/** The network of one address (its /32 or /64), also of a canonical one; null: no address. */
export function parseAddress(text: string): Network | null {
  const range = rangeText.exec(text);
  // What canonicalAddress wrote.
  if (range?.[2] === '64' && range[1]?.includes(':')) return parseRange(text);
  const parsed = parse(text.trim());
  return parsed && networkOf(parsed, parsed.kind() === 'ipv4' ? 32 : 64);
}

/** The address that a declared identity names: bare, `ip:port`, `[ip]:port`; null: some other text. */
export function declaredAddress(text: string): Network | null {
  const address = parseAddress(text);
  if (address) return address;
  const match = withPort.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  return host === undefined ? null : parseAddress(host);
}

/**
 * Reads what a blacklist entry for an IP says: an address, a CIDR range (host bits are cleared), or any declared text
 * such as `ip:port`. Since an IPv6 identity is its /64, an IPv6 address and narrower ranges mean their /64.
 * null: blank.
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

/** A CIDR range with its host bits cleared, of IPv6 at most a /64; null: none. */
export function parseRange(text: string): Network | null {
  const match = rangeText.exec(text.trim());
  const written = match?.[1];
  if (match === null || written === undefined) return null;
  const parsed = parse(written);
  // The prefix of an IPv4-mapped range counts from the first of 128 bits.
  const prefix = Number(match[2]) - (parsed?.kind() === 'ipv4' && written.includes(':') ? 96 : 0);
  if (!parsed || prefix < 0 || prefix > (parsed.kind() === 'ipv4' ? 32 : 128)) return null;
  return networkOf(parsed, prefix);
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
  const width = widths[family];
  const bytes = address.toByteArray().slice(0, width / 8);
  const bits = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const kept = Math.min(prefix, width);
  return { family, bits: keepBits(bits, width, kept), prefix: kept };
}

/** The first `prefix` bits of `width`; the rest cleared. */
export function keepBits(bits: bigint, width: number, prefix: number): bigint {
  const cleared = BigInt(width - prefix);
  return (bits >> cleared) << cleared;
}

function networkText({ family, bits, prefix }: Network): string {
  const bytes = Array.from({ length: widths[family] / 8 }, (_, index) =>
    Number((bits >> BigInt(widths[family] - 8 * (index + 1))) & 0xffn),
  );
  if (family === 6) return `${new ipaddr.IPv6([...bytes, 0, 0, 0, 0, 0, 0, 0, 0]).toRFC5952String()}/${prefix}`;
  return bytes.join('.') + (prefix === 32 ? '' : `/${prefix}`);
}
