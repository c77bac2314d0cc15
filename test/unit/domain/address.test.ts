import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalAddress, declaredAddress, parseIpSubject } from '../../../src/domain/values/address.ts';

describe('canonicalAddress', () => {
  test.each([
    ['203.0.113.5', '203.0.113.5'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['::FFFF:cb00:7105', '203.0.113.5'],
    ['0:0:0:0:0:ffff:203.0.113.5', '203.0.113.5'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:0000:0000:0000:0001', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['2001:db8::', '2001:db8::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::1', '::/64'],
  ])('%s is the identity %s', (text, identity) => {
    expect(canonicalAddress(text)).toBe(identity);
  });

  test.each([
    '',
    'localhost',
    '1.2.3',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '256.1.1.1',
    '010.0.0.1',
    '1.2.3.4:80',
    '[::1]',
    '1.2.3.4/32',
    '::g',
    '1::2::3',
    '1.2.3.4 5',
    '::1%',
  ])('%j is no address', (text) => {
    expect(canonicalAddress(text)).toBeNull();
  });

  test('however an address rotates within its /64, it stays one identity', () => {
    const host = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(host, (groups) => {
        const address = `2001:db8:a:b:${groups.map((group) => group.toString(16)).join(':')}`;
        expect(canonicalAddress(address)).toBe('2001:db8:a:b::/64');
      }),
    );
  });

  test('an identity is its own identity', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const identity = canonicalAddress(text)!;
        expect(canonicalAddress(identity)).toBe(identity);
      }),
    );
  });
});

describe('declaredAddress', () => {
  test.each([
    '203.0.113.5',
    '203.0.113.5:25565',
    '::ffff:203.0.113.5',
    '[::ffff:203.0.113.5]:25565',
    ' 203.0.113.5:1 ',
  ])('%j names 203.0.113.5', (text) => {
    expect(declaredAddress(text)).toEqual({ family: 4, high: 0xcb007105 | 0, low: 0, prefix: 32 });
  });

  test.each(['2001:db8::1', '[2001:db8::1]', '[2001:db8::1]:25565', '2001:db8::/64'])('%j names a /64', (text) => {
    expect(declaredAddress(text)).toEqual({ family: 6, high: 0x20010db8, low: 0, prefix: 64 });
  });

  test.each(['my server', 'example.org:25565', '203.0.113.5:', '203.0.113.5:port', '203.0.113.5:123456', '[x]:1', ''])(
    '%j names none',
    (text) => {
      expect(declaredAddress(text)).toBeNull();
    },
  );
});

describe('parseIpSubject', () => {
  test.each([
    ['203.0.113.5', '203.0.113.5', 'address'],
    [' ::ffff:203.0.113.5 ', '203.0.113.5', 'address'],
    ['203.0.113.5/32', '203.0.113.5', 'address'],
    ['203.0.113.77/24', '203.0.113.0/24', 'range'],
    ['203.0.113.77/0', '0.0.0.0/0', 'range'],
    ['::ffff:203.0.113.77/120', '203.0.113.0/24', 'range'],
    ['2001:db8:1:2::5', '2001:db8:1:2::/64', 'address'],
    ['2001:db8:1:2::5/128', '2001:db8:1:2::/64', 'range'],
    ['2001:DB8:1:2::/64', '2001:db8:1:2::/64', 'range'],
    ['2001:db8:1:2::/48', '2001:db8:1::/48', 'range'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33', 'range'],
  ] as const)('%j is %s (%s)', (text, match, shape) => {
    expect(parseIpSubject(text)).toEqual({ match, value: match, shape });
  });

  test.each([
    ['203.0.113.5:25565', '203.0.113.5:25565'],
    [' My Server ', 'my server'],
    ['203.0.113.5/33', '203.0.113.5/33'],
    ['2001:db8::/129', '2001:db8::/129'],
    ['::ffff:1.2.3.4/95', '::ffff:1.2.3.4/95'],
    ['a/b/24', 'a/b/24'],
  ])('%j is a declared text, compared as %j', (text, match) => {
    expect(parseIpSubject(text)).toEqual({ match, value: text.trim(), shape: 'text' });
  });

  test('nothing is no subject', () => {
    expect(parseIpSubject('  ')).toBeNull();
  });

  test('what is compared is compared the same when it is read again', () => {
    const ranges = fc
      .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128))
      .map(([address, prefix]) => `${address}/${prefix}`);
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), ranges, fc.string({ minLength: 1 })), (text) => {
        const subject = parseIpSubject(text);
        if (subject) expect(parseIpSubject(subject.match)?.match).toBe(subject.match);
      }),
    );
  });
});
