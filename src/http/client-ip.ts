import type { IncomingHttpHeaders } from 'node:http';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { canonicalAddress } from '../domain/values/address.ts';
import { alpha3 } from '../domain/values/countries.ts';
import { expandProxy, loopbackRanges, privateRanges } from '../domain/values/network-ranges.ts';

export interface ClientIpOptions {
  /** Addresses, CIDR ranges, `loopback`, `private`. */
  readonly trustedProxies: readonly string[];
  /** The one header in which trusted proxies send the client's address; lower case. */
  readonly clientIpHeader: string;
  readonly countryHeader: string | null;
}

/** The sender of a request, as far as the server can know it. */
export interface Client {
  /** The observed address, canonical: IPv4, or the /64 of IPv6. */
  readonly ip: string;
  /** ISO alpha-3; null: no trusted proxy sent one. */
  readonly country: string | null;
  /**
   * `ip` is the address of a proxy that is not in `http.trustedProxies`, as its requests of late show. All customers
   * behind it share that address.
   */
  readonly isUndeclaredProxy: boolean;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

interface Peer {
  readonly address: Address;
  readonly ip: string;
  readonly isTrusted: boolean;
  /** null: it is trusted, or so far away that its headers say nothing. */
  readonly headers: HeaderCounts | null;
}

/** How many requests of a peer had forwarding headers. */
interface HeaderCounts {
  requests: number;
  forwarded: number;
}

/**
 * A peer is taken for a proxy when nine of ten of its requests have forwarding headers, of 20 at least: a client could
 * add them to some requests only, because a proxy would send those of others without them.
 */
const minForwarded = 20;
const forwardedShare = 0.9;
/** After so many requests all counts are halved, so that the latest ones count most. */
const halvedAt = 200;

/** The address of a client whose socket was closed before its address was read. */
const unknownAddress = 'unknown';
const forwardingHeaders = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip', 'via'];

/** Reads the client of a request from its socket's address and, behind a trusted proxy, from the configured header. */
export function createClientReader(options: ClientIpOptions) {
  const trusted = options.trustedProxies.flatMap(expandProxy).map(parseRange);
  const local = [...loopbackRanges, ...privateRanges].map(parseRange);

  /** The rightmost entry that is no trusted proxy; where all entries are trusted proxies, the leftmost. */
  function forwardedBy(peer: Address, header: string): Address {
    let nearest = peer;
    for (const entry of header.split(',').reverse()) {
      const address = parseEntry(entry);
      // This entry is no address: the proxy that wrote it is the last one that is known.
      if (!address) return nearest;
      nearest = address;
      if (!isIn(trusted, address)) return nearest;
    }
    return nearest;
  }

  function forwardedAddress(proxy: Address, headers: IncomingHttpHeaders): Address {
    const header = textOf(headers[options.clientIpHeader]);
    if (header === null) return proxy;
    if (options.clientIpHeader === 'x-forwarded-for') return forwardedBy(proxy, header);
    // Where the header is repeated, the proxy itself added the last one.
    return parseEntry(header.slice(header.lastIndexOf(',') + 1)) ?? proxy;
  }

  function readPeer(remoteAddress: string): Peer | null {
    const address = parseAddress(remoteAddress);
    const isTrusted = address !== null && isIn(trusted, address);
    return (
      address && {
        address,
        ip: canonical(address),
        isTrusted,
        headers: !isTrusted && isIn(local, address) ? { requests: 0, forwarded: 0 } : null,
      }
    );
  }

  const peers = new LRUCache<string, Peer>({ max: 1_000 });

  function rememberPeer(remoteAddress: string): Peer | null {
    const peer = readPeer(remoteAddress);
    if (peer) peers.set(remoteAddress, peer);
    return peer;
  }

  return (remoteAddress: string | undefined, headers: IncomingHttpHeaders): Client => {
    const text = remoteAddress ?? '';
    const peer = peers.get(text) ?? rememberPeer(text);
    if (!peer) return { ip: unknownAddress, country: null, isUndeclaredProxy: false };
    if (!peer.isTrusted) {
      const isUndeclaredProxy = peer.headers !== null && countHeaders(peer.headers, headers);
      return { ip: peer.ip, country: null, isUndeclaredProxy };
    }
    const country = options.countryHeader === null ? null : textOf(headers[options.countryHeader]);
    return {
      ip: canonical(forwardedAddress(peer.address, headers)),
      country: country === null ? null : alpha3(country),
      isUndeclaredProxy: false,
    };
  };
}

/** Counts a request. Returns whether the peer's requests look like those of a proxy. */
function countHeaders(counts: HeaderCounts, headers: IncomingHttpHeaders): boolean {
  counts.requests += 1;
  if (forwardingHeaders.some((name) => headers[name] !== undefined)) counts.forwarded += 1;
  const isProxy = counts.forwarded >= minForwarded && counts.forwarded >= forwardedShare * counts.requests;
  if (counts.requests >= halvedAt) {
    counts.requests /= 2;
    counts.forwarded /= 2;
  }
  return isProxy;
}

function parseRange(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function isIn(ranges: readonly Range[], address: Address): boolean {
  return ranges.some(([network, prefix]) => network.kind() === address.kind() && address.match(network, prefix));
}

/** An entry as proxies write it: bare, quoted, in brackets, with a port. */
function parseEntry(entry: string): Address | null {
  const text = entry.trim().replace(/^"(.*)"$/, '$1');
  const match = /^\[([^\]]+)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/.exec(text);
  return parseAddress(match?.[1] ?? match?.[2] ?? text);
}

function parseAddress(text: string): Address | null {
  const unzoned = text.replace(/%[\w.-]+$/, '');
  if (!ipaddr.IPv4.isValidFourPartDecimal(unzoned) && !(unzoned.includes(':') && ipaddr.IPv6.isValid(unzoned))) {
    return null;
  }
  // `process` turns an IPv4 address that is written as IPv6 (::ffff:203.0.113.9) into IPv4.
  return ipaddr.process(unzoned);
}

function canonical(address: Address): string {
  return canonicalAddress(address.toString()) ?? unknownAddress;
}

function textOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  return Array.isArray(header) ? header.join(',') : header;
}
