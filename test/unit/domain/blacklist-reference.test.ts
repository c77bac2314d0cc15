import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ipMatches, type ListedEntry } from '../../../src/domain/blacklist/blacklist.ts';
import { createBlacklistIndex } from '../../../src/domain/blacklist/blacklist-index.ts';
import { parseIpSubject } from '../../../src/domain/values/address.ts';

// The index and the matches that the stores look for are held to one reference: plain arithmetic with big integers.

const now = new Date('2026-03-10T12:00:00Z');

interface Address {
  readonly width: 32 | 64;
  readonly bits: bigint;
}

interface Range extends Address {
  readonly prefix: number;
  readonly isExpired: boolean;
}

const joined = (parts: readonly number[], bitsEach: bigint) =>
  parts.reduce((sum, part) => (sum << bitsEach) | BigInt(part), 0n);
const partsOf = ({ bits, width }: Address, bitsEach: number) =>
  Array.from({ length: width / bitsEach }, (_, index) =>
    Number((bits >> BigInt(width - bitsEach * (index + 1))) & ((1n << BigInt(bitsEach)) - 1n)),
  );

// Few values for each part, so that addresses and ranges often have their first bits in common.
const octets = fc.array(fc.constantFrom(0, 1, 127, 128, 255), { minLength: 4, maxLength: 4 });
const groups = fc.array(fc.constantFrom(0, 1, 0x7fff, 0x8000, 0xffff), { minLength: 4, maxLength: 4 });
const addresses: fc.Arbitrary<Address> = fc.oneof(
  octets.map((parts) => ({ width: 32 as const, bits: joined(parts, 8n) })),
  groups.map((parts) => ({ width: 64 as const, bits: joined(parts, 16n) })),
);
const ranges: fc.Arbitrary<Range> = addresses.chain((address) =>
  fc
    .record({ prefix: fc.integer({ min: 0, max: address.width }), isExpired: fc.boolean() })
    .map((own) => ({ ...address, ...own })),
);

const hex = (parts: readonly number[]) => parts.map((part) => part.toString(16)).join(':');
const written = (address: Address) =>
  address.width === 32 ? partsOf(address, 8).join('.') : `${hex(partsOf(address, 16))}:0:0:0:1`;
const spellings = (address: Address) => {
  const text = written(address);
  return address.width === 32
    ? [text, `${text}:25565`, `::ffff:${text}`]
    : [text, `[${text}]:25565`, text.toUpperCase()];
};
const covers = (range: Range, { width, bits }: Address) =>
  range.width === width && range.bits >> BigInt(width - range.prefix) === bits >> BigInt(width - range.prefix);
/** An address is narrower than any range of its family; a /64 is as narrow as a /64 of all 128 bits. */
const narrowness = ({ width, prefix }: Range) => (width === 32 ? prefix + 96 : prefix);

test('ranges of every length are found as plain arithmetic finds them, in every spelling of an address', () => {
  const property = fc.property(fc.uniqueArray(ranges, { maxLength: 12 }), addresses, (listed, address) => {
    const entries = new Map<string, ListedEntry & { readonly range: Range }>();
    for (const range of listed) {
      const { match } = parseIpSubject(`${written(range)}/${range.prefix}`)!;
      const expiresAt = range.isExpired ? now : null;
      if (!entries.has(match)) entries.set(match, { id: entries.size + 1, type: 'ip', match, expiresAt, range });
    }
    const covering = [...entries.values()].filter(({ range }) => !range.isExpired && covers(range, address));
    const [expected = null] = covering.toSorted((a, b) => narrowness(b.range) - narrowness(a.range));

    const index = createBlacklistIndex(entries.values());
    for (const text of spellings(address)) {
      expect(index.findIp([text], now)).toBe(expected?.id ?? null);
      const inForce = (match: string) => entries.get(match)?.expiresAt === null;
      expect(ipMatches([text]).find(inForce) ?? null).toBe(expected?.match ?? null);
    }
  });
  fc.assert(property, { numRuns: 300 });
});

test('a text that is written like a range is compared with texts alone', () => {
  const index = createBlacklistIndex([{ id: 1, type: 'ip', match: '203.0.113.0/24', expiresAt: null }]);
  expect(index.findIp(['203.0.113.0/24'], now)).toBeNull();
  expect(ipMatches(['203.0.113.0/24'])).not.toContain('203.0.113.0/24');
});
