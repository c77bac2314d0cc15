import ipaddr from 'ipaddr.js';
import { foldText } from './text.ts';

/**
 * A block of addresses. Only the first 64 bits of an IPv6 address count: a provider gives each customer a whole /64, so
 * a /64 is one identity.
 */
export interface Network {
  readonly family: 4 | 6;
  /** The bits that count (32 or 64 by family); those beyond the prefix are 0. */
  readonly bits: bigint;
  readonly prefix: number;
}

/** How many bits of an address count, by family. */
export const widths = { 4: 32, 6: 64 } as const;

/** What an IP blacklist entry is about. */
export interface IpSubject {
  /** The canonical address or range, or the folded text: what is compared, unique per entry. */
  readonly match: string;
  /** The value as people read it. */
  readonly value: string;
  readonly shape: 'address' | 'range' | 'text';
}

/** The form of nearly all addresses, which is read without building objects for them. */
const plainIpv4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
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
  const plain = plainIpv4.exec(text);
  if (plain) return ipv4Network(plain);
  const range = rangeText.exec(text);
  // A canonical IPv6 address, as canonicalAddress writes it.
  if (range?.[2] === '64' && range[1]?.includes(':')) return parseRange(text);
  const parsed = parse(text.trim());
  return parsed && networkOf(parsed, parsed.kind() === 'ipv4' ? 32 : 64);
}

/**
 * The network of the address in a declared identity: bare, `ip:port` or `[ip]:port`. null: the text has another form.
 */
export function declaredAddress(text: string): Network | null {
  const address = parseAddress(text);
  if (address) return address;
  const match = withPort.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  return host === undefined ? null : parseAddress(host);
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
  const parsed = parse(written);
  // The prefix of an IPv4-mapped range counts from the first of 128 bits.
  const prefix = Number(match[2]) - (parsed?.kind() === 'ipv4' && written.includes(':') ? 96 : 0);
  if (!parsed || prefix < 0 || prefix > (parsed.kind() === 'ipv4' ? 32 : 128)) return null;
  return networkOf(parsed, prefix);
}

/** The network of what `plainIpv4` found. null: a part is above 255. */
function ipv4Network([, ...parts]: RegExpExecArray): Network | null {
  let bits = 0;
  for (const part of parts) {
    const byte = Number(part);
    if (byte > 255) return null;
    bits = bits * 256 + byte;
  }
  return { family: 4, bits: BigInt(bits), prefix: 32 };
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
  const counted = Math.min(prefix, width);
  return { family, bits: keepBits(bits, width, counted), prefix: counted };
}

/** The first `prefix` of `width` bits, with the others cleared. */
export function keepBits(bits: bigint, width: number, prefix: number): bigint {
  const cleared = BigInt(width - prefix);
  return (bits >> cleared) << cleared;
}

/** Whether two networks have an address in common. */
export function overlap(a: Network, b: Network): boolean {
  if (a.family !== b.family) return false;
  const width = widths[a.family];
  const prefix = Math.min(a.prefix, b.prefix);
  return keepBits(a.bits, width, prefix) === keepBits(b.bits, width, prefix);
}

/**
 * What the canonical text of every address in a network begins with; `''` where they have no beginning in common. A
 * text that begins with it may still be an address outside of the network.
 */
export function textPrefix({ family, bits, prefix }: Network): string {
  const [partBits, separator] = family === 4 ? [8, '.'] : [16, ':'];
  const parts = Array.from({ length: Math.floor(prefix / partBits) }, (_, index) =>
    Number((bits >> BigInt(widths[family] - partBits * (index + 1))) & ((1n << BigInt(partBits)) - 1n)),
  );
  if (family === 4) return parts.join(separator) + (parts.length > 0 && parts.length < 4 ? separator : '');
  // A part that is 0 may be written as `::` together with its neighbours.
  const zero = parts.indexOf(0);
  return parts
    .slice(0, zero === -1 ? parts.length : zero)
    .map((part) => part.toString(16) + separator)
    .join('');
}

function networkText({ family, bits, prefix }: Network): string {
  const bytes = Array.from({ length: widths[family] / 8 }, (_, index) =>
    Number((bits >> BigInt(widths[family] - 8 * (index + 1))) & 0xffn),
  );
  if (family === 6) return `${new ipaddr.IPv6([...bytes, 0, 0, 0, 0, 0, 0, 0, 0]).toRFC5952String()}/${prefix}`;
  return bytes.join('.') + (prefix === 32 ? '' : `/${prefix}`);
}
