import { describe, expect, test } from '@jest/globals';
import { type BlacklistType, normaliseBlacklistValue } from '../../../src/domain/blacklist/blacklist.ts';
import {
  type BlacklistConcern,
  type BlacklistImpact,
  concernsAbout,
  needsValue,
} from '../../../src/domain/blacklist/blacklist-impact.ts';
import { overlap, parseRange, parseIpSubject, textPrefix } from '../../../src/domain/values/address.ts';

const nothing: BlacklistImpact = { licenses: 0, owners: 0, isComplete: true, lastDay: { all: 0, matching: 0 } };

function concerns(
  type: BlacklistType,
  text: string,
  proxies: readonly string[] = [],
  own: Partial<BlacklistImpact> = {},
) {
  const value = normaliseBlacklistValue(type, text);
  if (!value.ok) throw new Error(value.error.code);
  return concernsAbout({ type, match: value.value.match }, { ...nothing, ...own }, proxies);
}

describe('what speaks against an entry', () => {
  test.each<[string, readonly BlacklistConcern[]]>([
    ['203.0.113.5', []],
    ['203.0.113.0/24', []],
    ['203.0.112.0/23', ['wide-range']],
    ['0.0.0.0/0', ['loopback', 'wide-range']],
    ['2001:db8:1::/48', []],
    ['2001:db8::/47', ['wide-range']],
    ['::/0', ['loopback', 'wide-range']],
    ['127.0.0.1', ['loopback']],
    ['127.8.0.0/24', ['loopback']],
    ['::1', ['loopback']],
    ['::ffff:127.0.0.1', ['loopback']],
    ['192.168.1.7', []],
    ['10.0.0.0/8', ['wide-range']],
    ['203.0.113.5:25565', []],
    ['node-7', []],
  ])('ip %s, without a proxy: %j', (text, expected) => {
    expect(concerns('ip', text)).toEqual(expected);
  });

  test.each<[string, readonly BlacklistConcern[]]>([
    ['203.0.113.5', []],
    ['192.0.2.1', ['proxy']],
    ['192.0.2.0/24', ['proxy']],
    ['198.51.100.77', ['proxy']],
    ['192.168.1.7', ['private-network']],
    ['10.1.0.0/16', ['private-network', 'wide-range']],
    ['fd00::1', ['private-network']],
    ['2001:db8:1:2::9', ['proxy']],
  ])('ip %s, behind the proxies 192.0.2.1, 198.51.100.0/24 and 2001:db8:1:2::1: %j', (text, expected) => {
    expect(concerns('ip', text, ['192.0.2.1', '198.51.100.0/24', '2001:db8:1:2::1'])).toEqual(expected);
  });

  test('several licenses are asked about, whatever the type', () => {
    expect(concerns('hwid', 'pc', [], { licenses: 1 })).toEqual([]);
    for (const [type, text] of [
      ['ip', '203.0.113.5'],
      ['hwid', 'pc'],
      ['user', '100000000000000001'],
      ['country', 'DE'],
    ] as const)
      expect(concerns(type, text, [], { licenses: 2 })).toEqual(['several-licenses']);
  });

  test.each<[licenses: number, matching: number, all: number, isMost: boolean]>([
    [2, 5, 10, false],
    [2, 6, 10, true],
    [2, 1, 1, true],
    [0, 0, 0, false],
    // One license of a shop that has just begun makes all of its grants, and is not everybody.
    [1, 9, 9, false],
    // One key that a whole community uses is.
    [1, 10, 19, true],
    [1, 10, 20, false],
  ])('%i licenses with %i of %i grants of the last day: most of them %j', (licenses, matching, all, isMost) => {
    const found = concerns('key', 'AAAAA-BBBBB', [], { licenses, lastDay: { all, matching } });
    expect(found.includes('most-grants')).toBe(isMost);
  });

  test('a HWID that machines share by default is a placeholder', () => {
    expect(concerns('hwid', ' To Be Filled By O.E.M. ')).toEqual(['placeholder-hwid']);
    expect(concerns('ip', 'none')).toEqual([]);
  });

  test('a yes is enough for several licenses and wide ranges, and for nothing else', () => {
    expect(needsValue([])).toBe(false);
    expect(needsValue(['wide-range', 'several-licenses'])).toBe(false);
    for (const concern of ['loopback', 'proxy', 'private-network', 'placeholder-hwid', 'most-grants'] as const)
      expect(needsValue([concern, 'several-licenses'])).toBe(true);
  });
});

test.each([
  ['10.0.0.0/8', '10.1.2.3/32', true],
  ['10.1.2.3/32', '10.0.0.0/8', true],
  ['10.0.0.0/9', '10.128.0.0/9', false],
  ['0.0.0.0/0', '::/0', false],
  ['2001:db8::/32', '2001:db8:ffff::/48', true],
])('%s and %s have an address in common: %j', (a, b, expected) => {
  expect(overlap(parseRange(a)!, parseRange(b)!)).toBe(expected);
});

test.each([
  ['203.0.113.5/32', '203.0.113.5'],
  ['203.0.113.0/24', '203.0.113.'],
  ['203.0.112.0/23', '203.0.'],
  ['0.0.0.0/0', ''],
  ['2001:db8:1:2::/64', '2001:db8:1:2:'],
  ['2001:db8::/64', '2001:db8:'],
  ['2001:db8:1::/47', '2001:db8:'],
  ['::/0', ''],
])('the texts of the addresses in %s begin with %j', (range, expected) => {
  expect(textPrefix(parseRange(range)!)).toBe(expected);
  // An address of the range, as it is bound.
  expect(parseIpSubject(range.replace(/\/\d+$/, ''))!.match.startsWith(expected)).toBe(true);
});
