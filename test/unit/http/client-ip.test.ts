import { describe, expect, test } from '@jest/globals';
import { createClientReader } from '../../../src/http/client-ip.ts';

const defaults = { trustedProxies: ['loopback'], clientIpHeader: 'x-forwarded-for', countryHeader: null };
const forwarded = (value: string) => ({ 'x-forwarded-for': value });

function ipOf(peer: string, headers: Record<string, string>, options: Partial<typeof defaults> = {}): string {
  return createClientReader({ ...defaults, ...options })(peer, headers).ip;
}

describe('without a trusted proxy', () => {
  const none = { trustedProxies: [] };
  test.each(['x-forwarded-for', 'x-real-ip', 'cf-connecting-ip', 'forwarded', 'true-client-ip'])(
    'a forged %s changes nothing',
    (header) => {
      expect(ipOf('203.0.113.9', { [header]: '198.51.100.1' }, none)).toBe('203.0.113.9');
    },
  );

  test('a stranger who forwards is no undeclared proxy, but a loopback or private peer is', () => {
    const read = createClientReader({ ...defaults, trustedProxies: [] });
    const isUndeclared = (peer: string, headers: Record<string, string>) => read(peer, headers).isUndeclaredProxy;
    expect(isUndeclared('203.0.113.9', forwarded('198.51.100.1'))).toBe(false);
    expect(isUndeclared('127.0.0.1', forwarded('198.51.100.1'))).toBe(true);
    expect(isUndeclared('::ffff:172.17.0.1', { 'cf-connecting-ip': '198.51.100.1' })).toBe(true);
    expect(isUndeclared('fd00::1', { 'x-real-ip': '198.51.100.1' })).toBe(true);
    expect(isUndeclared('127.0.0.1', {})).toBe(false);
  });

  test('one IPv4 address has one spelling, and IPv6 is its /64', () => {
    expect(ipOf('::ffff:203.0.113.9', {}, none)).toBe('203.0.113.9');
    expect(ipOf('2001:DB8:1:2:aaaa::1', {}, none)).toBe('2001:db8:1:2::/64');
    expect(ipOf('fe80::1%eth0', {}, none)).toBe('fe80::/64');
  });
});

describe('behind a trusted proxy', () => {
  test.each([
    ['one entry', '198.51.100.1', '198.51.100.1'],
    ['what the client forged stands left of the truth', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['a chain of two proxies', '1.1.1.1, 198.51.100.1, 127.0.0.5', '198.51.100.1'],
    ['trusted proxies alone: the leftmost', '127.0.0.7, 127.0.0.5', '127.0.0.7'],
    ['a port', '198.51.100.1:4711', '198.51.100.1'],
    ['brackets', '[2001:db8:1:2::7]', '2001:db8:1:2::/64'],
    ['brackets and a port', '[2001:db8:1:2::7]:443', '2001:db8:1:2::/64'],
    ['quotes', '"[2001:db8:1:2::7]"', '2001:db8:1:2::/64'],
    ['IPv4 in IPv6', '::ffff:198.51.100.1', '198.51.100.1'],
    ['an entry that is no address stays with the proxy', '198.51.100.1, unknown', '127.0.0.1'],
    ['shorthands are no addresses', '0x7f.1', '127.0.0.1'],
    ['an empty header', '', '127.0.0.1'],
  ])('%s', (_case, header, expected) => {
    expect(ipOf('127.0.0.1', forwarded(header))).toBe(expected);
  });

  test('another header that the proxy passes through changes nothing', () => {
    expect(ipOf('127.0.0.1', { 'cf-connecting-ip': '198.51.100.1', 'x-real-ip': '198.51.100.2' })).toBe('127.0.0.1');
  });

  test('the configured single-value header counts, of a repeated one the last', () => {
    const options = { clientIpHeader: 'cf-connecting-ip' };
    expect(ipOf('127.0.0.1', { 'cf-connecting-ip': '198.51.100.1' }, options)).toBe('198.51.100.1');
    expect(ipOf('127.0.0.1', { 'cf-connecting-ip': '1.1.1.1, 198.51.100.1' }, options)).toBe('198.51.100.1');
    expect(ipOf('127.0.0.1', forwarded('198.51.100.1'), options)).toBe('127.0.0.1');
  });

  test('proxies are declared by address, range, and the words loopback and private', () => {
    const seen = (peer: string, ...trustedProxies: string[]) =>
      ipOf(peer, forwarded('198.51.100.1'), { trustedProxies }) === '198.51.100.1';
    expect(seen('192.0.2.7', '192.0.2.7')).toBe(true);
    expect(seen('192.0.2.8', '192.0.2.7')).toBe(false);
    expect(seen('192.0.2.8', '192.0.2.0/24')).toBe(true);
    expect(seen('2001:db8::5', '2001:db8::5')).toBe(true);
    expect(seen('2001:db8::6', '2001:db8::5')).toBe(false);
    expect(seen('172.17.0.1', 'private')).toBe(true);
    expect(seen('172.17.0.1', 'loopback')).toBe(false);
    expect(seen('::ffff:127.0.0.1', 'loopback')).toBe(true);
    expect(seen('::1', 'loopback')).toBe(true);
  });
});

test('only a trusted proxy sets the country, as alpha-2, and a code that is no country is none', () => {
  const read = createClientReader({ ...defaults, countryHeader: 'cf-ipcountry' });
  expect(read('127.0.0.1', { 'cf-ipcountry': 'DE' }).country).toBe('DEU');
  expect(read('127.0.0.1', { 'cf-ipcountry': 'XX' }).country).toBeNull();
  expect(read('127.0.0.1', {}).country).toBeNull();
  expect(read('203.0.113.9', { 'cf-ipcountry': 'DE' }).country).toBeNull();
  expect(createClientReader(defaults)('127.0.0.1', { 'cf-ipcountry': 'DE' }).country).toBeNull();
});
