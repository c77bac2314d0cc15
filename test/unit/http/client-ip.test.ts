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

  /** Whether each of these requests was taken for one of an undeclared proxy. */
  const undeclared = (peer: string, requests: readonly Record<string, string>[]) => {
    const read = createClientReader({ ...defaults, trustedProxies: [] });
    return requests.map((headers) => read(peer, headers).isUndeclaredProxy);
  };
  const times = (count: number, headers: Record<string, string>) => Array.from({ length: count }, () => headers);

  test.each([
    ['127.0.0.1', forwarded('198.51.100.1')],
    ['::ffff:172.17.0.1', { 'cf-connecting-ip': '198.51.100.1' }],
    ['fd00::1', { 'x-real-ip': '198.51.100.1' }],
  ])('%s is an undeclared proxy from its twentieth request with a forwarding header on', (peer, headers) => {
    expect(undeclared(peer, times(21, headers))).toEqual([...times(19, {}).map(() => false), true, true]);
  });

  test('a stranger is none, nor is a local client that adds such a header to some requests', () => {
    const header = forwarded('198.51.100.1');
    expect(undeclared('203.0.113.9', times(100, header))).not.toContain(true);
    expect(undeclared('127.0.0.1', times(100, {}))).not.toContain(true);
    expect(
      undeclared(
        '127.0.0.1',
        times(50, header).flatMap((own) => [own, {}]),
      ),
    ).not.toContain(true);
    expect(undeclared('127.0.0.1', [...times(30, {}), ...times(300, header)]).indexOf(true)).toBeGreaterThan(100);
  });

  test('what was a proxy and no longer forwards is none soon after', () => {
    const seen = undeclared('127.0.0.1', [...times(10_000, forwarded('198.51.100.1')), ...times(30, {})]);
    expect([seen[9_999], seen.at(-1)]).toEqual([true, false]);
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
