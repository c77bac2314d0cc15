import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalAddress } from '../../../src/domain/values/address.ts';
import {
  type BlacklistEntry,
  type BlacklistType,
  normaliseBlacklistValue,
} from '../../../src/domain/blacklist/blacklist.ts';
import { createBlacklistIndex } from '../../../src/domain/blacklist/blacklist-index.ts';
import { describeBlacklistValueProblem } from '../../../src/texts/blacklist-problems.ts';

const now = new Date('2026-03-10T12:00:00Z');
const later = new Date('2026-03-10T12:00:01Z');

function entry(id: number, type: BlacklistType, text: string, expiresAt: Date | null = null): BlacklistEntry {
  const read = normaliseBlacklistValue(type, text);
  if (!read.ok) throw new Error(read.error.code);
  const { value, match } = read.value;
  const made = { reason: null, expiresAt, hits: 0, createdAt: now, createdBy: 'cli' };
  return { id, guildId: '1', type, value, match: match ?? 'hash', ...made };
}

const indexOf = (...entries: BlacklistEntry[]) => createBlacklistIndex(entries);
const ips = (...texts: string[]) => indexOf(...texts.map((text, index) => entry(index + 1, 'ip', text)));
/** Which of the listed texts is found. */
const foundOf = (listed: readonly string[], sought: readonly string[]) => {
  const id = ips(...listed).findIp(sought, now);
  return id === null ? null : listed[id - 1];
};

describe('looking an IP up', () => {
  test.each([
    ['203.0.113.5', '203.0.113.5'],
    ['203.0.113.5', '203.0.113.5:25565'],
    ['203.0.113.5', '::ffff:203.0.113.5'],
    ['203.0.113.5', '[::ffff:203.0.113.5]:25565'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['203.0.113.0/24', '203.0.113.0'],
    ['203.0.113.0/24', '203.0.113.255:1'],
    ['203.0.113.4/31', '203.0.113.5'],
    ['0.0.0.0/0', '198.51.100.1'],
    ['2001:db8:1:2::5', '2001:db8:1:2:ffff::1'],
    ['2001:db8:1:2::5', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::5', '[2001:DB8:1:2::9]:25565'],
    ['2001:db8:1:2::5/128', '2001:db8:1:2::9'],
    ['2001:db8::/32', '2001:db8:ffff:ffff::/64'],
    ['2001:db8::/33', '2001:db8:7fff:ffff::/64'],
    ['My Server', ' MY SERVER '],
    ['203.0.113.5:25565', '203.0.113.5:25565'],
  ])('an entry for %s covers %s', (listed, text) => {
    expect(ips(listed).findIp([text], now)).toBe(1);
  });

  test.each([
    ['203.0.113.5', '203.0.113.6'],
    ['203.0.113.5', 'x203.0.113.5'],
    ['203.0.113.0/24', '203.0.114.0'],
    ['203.0.113.0/24', '203.0.112.255'],
    ['203.0.113.4/31', '203.0.113.6'],
    ['0.0.0.0/0', '2001:db8::1'],
    ['::/0', '203.0.113.5'],
    ['2001:db8:1:2::5', '2001:db8:1:3::5'],
    ['2001:db8::/33', '2001:db8:8000::/64'],
    ['203.0.113.5:25565', '203.0.113.5:25566'],
    ['203.0.113.5:25565', '203.0.113.5'],
    ['my server', 'my  server'],
  ])('an entry for %s does not cover %s', (listed, text) => {
    expect(ips(listed).findIp([text], now)).toBeNull();
  });

  test('the most specific entry is found: text, then address, then the narrowest range', () => {
    const listed = ['203.0.0.0/16', '203.0.113.5:25565', '203.0.113.0/24', '203.0.113.5', '0.0.0.0/0'];
    expect(foundOf(listed, ['203.0.113.5:25565'])).toBe('203.0.113.5:25565');
    expect(foundOf(listed, ['203.0.113.5:1'])).toBe('203.0.113.5');
    expect(foundOf(listed, ['203.0.113.6'])).toBe('203.0.113.0/24');
    expect(foundOf(listed, ['203.0.1.1'])).toBe('203.0.0.0/16');
    expect(foundOf(listed, ['9.9.9.9'])).toBe('0.0.0.0/0');
  });

  test('of several texts the one with the most specific entry counts, in any order', () => {
    const listed = ['203.0.113.0/24', '198.51.100.7', '2001:db8::/64'];
    for (const texts of [
      ['203.0.113.9', '198.51.100.7', '2001:db8::1'],
      ['2001:db8::1', '198.51.100.7', '203.0.113.9'],
    ]) {
      expect(foundOf(listed, texts)).toBe('198.51.100.7');
    }
    expect(foundOf(listed, ['2001:db8::1', '203.0.113.9'])).toBe('203.0.113.0/24');
    expect(foundOf(listed, [])).toBeNull();
  });

  test('an entry binds until its end, not at it; a wider one then takes over', () => {
    const index = indexOf(entry(1, 'ip', '203.0.113.5', later), entry(2, 'ip', '203.0.113.0/24'));
    expect(index.findIp(['203.0.113.5'], now)).toBe(1);
    expect(index.findIp(['203.0.113.5'], later)).toBe(2);
  });

  test('agrees with plain arithmetic for every IPv4 range', () => {
    const octets = fc.array(fc.constantFrom(0, 1, 127, 128, 254, 255), { minLength: 4, maxLength: 4 });
    const number = (parts: readonly number[]) => parts.reduce((sum, part) => sum * 256 + part, 0);
    fc.assert(
      fc.property(octets, fc.integer({ min: 0, max: 32 }), octets, (network, prefix, address) => {
        const size = 2 ** (32 - prefix);
        const covered = Math.floor(number(network) / size) === Math.floor(number(address) / size);
        const found = ips(`${network.join('.')}/${prefix}`).findIp([address.join('.')], now);
        expect(found !== null).toBe(covered);
      }),
    );
  });

  test('covers the address or range that was typed, in every spelling of it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const bracketed = address.includes(':') ? `[${address}]:80` : `${address}:80`;
        for (const text of [address, canonicalAddress(address)!, bracketed, address.toUpperCase()]) {
          expect(ips(address).findIp([text], now)).not.toBeNull();
        }
      }),
    );
  });
});

describe('keeping the index current', () => {
  test('an added entry is found, a removed one is not', () => {
    const index = indexOf();
    for (const [id, text] of ['203.0.113.5', '203.0.113.0/24', 'my server', '2001:db8::/32'].entries()) {
      index.add(entry(id, 'ip', text));
      expect(index.findIp([text.split('/')[0]!], now)).toBe(id);
      index.remove(id);
      expect(index.findIp([text.split('/')[0]!], now)).toBeNull();
    }
    index.remove(99);
  });

  test('an entry for the same thing replaces the other, whose removal then removes nothing', () => {
    const index = indexOf(entry(1, 'ip', '2001:db8::5'), entry(2, 'hwid', 'ABC'));
    index.add(entry(3, 'ip', '2001:db8::/64'));
    index.add(entry(4, 'hwid', 'abc'));
    index.remove(1);
    index.remove(2);
    expect(index.findIp(['2001:db8::9'], now)).toBe(3);
    expect(index.find('hwid', 'abc', now)).toBe(4);
  });

  test('an entry that is added again unchanged stays', () => {
    const index = indexOf(entry(1, 'ip', '203.0.113.5'));
    index.add(entry(1, 'ip', '203.0.113.5'));
    expect(index.findIp(['203.0.113.5'], now)).toBe(1);
    index.remove(1);
    expect(index.findIp(['203.0.113.5'], now)).toBeNull();
  });

  test('removing one of two ranges of the same length leaves the other', () => {
    const index = ips('203.0.113.0/24', '198.51.100.0/24');
    index.remove(1);
    expect(index.findIp(['203.0.113.1'], now)).toBeNull();
    expect(index.findIp(['198.51.100.1'], now)).toBe(2);
  });
});

describe('looking other things up', () => {
  test('types are apart from each other', () => {
    const index = indexOf(entry(1, 'hwid', '123456789012345678'), entry(2, 'country', 'de'), entry(3, 'ip', 'DEU'));
    expect(index.find('user', '123456789012345678', now)).toBeNull();
    expect(index.find('hwid', '123456789012345678', now)).toBe(1);
    expect(index.find('country', 'DEU', now)).toBe(2);
    expect(index.find('hwid', 'deu', now)).toBeNull();
  });

  test('an entry never matches from its end on', () => {
    const index = indexOf(entry(1, 'hwid', 'abc', later));
    expect(index.find('hwid', 'abc', now)).toBe(1);
    expect(index.find('hwid', 'abc', later)).toBeNull();
  });
});

describe('reading what to blacklist', () => {
  test.each<[BlacklistType, string, string, string | null]>([
    ['ip', '203.0.113.77/24', '203.0.113.0/24', '203.0.113.0/24'],
    ['ip', 'My Server:1', 'My Server:1', 'my server:1'],
    ['hwid', ' ABC-Def ', 'ABC-Def', 'abc-def'],
    ['user', '<@123456789012345678>', '123456789012345678', '123456789012345678'],
    ['country', 'de', 'DEU', 'DEU'],
    ['country', 'usa', 'USA', 'USA'],
    ['country', ' germany ', 'DEU', 'DEU'],
    ['key', ' ABCDE-FGHIJ-KLMNO-PQRST-X9K2P ', '…X9K2P', null],
  ])('%s %j is shown as %j', (type, text, value, match) => {
    expect(normaliseBlacklistValue(type, text)).toEqual({ ok: true, value: expect.objectContaining({ value, match }) });
  });

  test.each<[BlacklistType, string]>([
    ['ip', ''],
    ['ip', '203.0.113.256'],
    ['ip', '203.0.113.5/33'],
    ['ip', '203.0.113/24'],
    ['hwid', '  '],
    ['hwid', 'h'.repeat(1025)],
    ['user', 'somebody'],
    ['country', 'Mars'],
    ['country', 'XX'],
    ['key', ''],
    ['key', 'a\0b'],
  ])('%s %j is refused with a sentence', (type, text) => {
    const read = normaliseBlacklistValue(type, text);
    expect(read.ok ? '' : describeBlacklistValueProblem(read.error)).toMatch(/^[A-Z].*\.$/);
  });

  test('a problem does not repeat the key', () => {
    const read = normaliseBlacklistValue('key', 'SECRET'.repeat(50));
    expect(JSON.stringify(read)).not.toContain('SECRET');
  });
});
