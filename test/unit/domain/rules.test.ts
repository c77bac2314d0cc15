import { describe, expect, test } from '@jest/globals';
import type { CheckRequest } from '../../../src/domain/check-request.ts';
import { type CheckDefinition, decide } from '../../../src/domain/check.ts';
import type { Denial } from '../../../src/domain/denial.ts';
import * as rules from '../../../src/domain/rules.ts';
import {
  ago,
  definition,
  license,
  now,
  otherProduct,
  product,
  request,
  snapshotOf,
  type World,
} from './check-fixture.ts';

function answer(world: World = {}, change: Partial<CheckRequest> = {}, by: CheckDefinition = definition) {
  const { outcome } = decide(by, { ...request, ...change }, snapshotOf(world));
  return outcome.result === 'denied' ? outcome.denial : outcome.result;
}

const listed = (type: 'ip' | 'hwid' | 'key' | 'user' | 'country', match: string): World => ({
  blacklist: [{ type, match }],
});
const holds = [{ kind: 'staff', at: ago(1000), reason: 'refund' }] as const;
const full = { 'limits.ip': 0 };

describe('rules', () => {
  test('a sound request is granted', () => {
    expect(answer()).toBe('granted');
  });

  test.each<[Denial, World, Partial<CheckRequest>]>([
    ['malformed', {}, { malformed: 'Invalid field: data.ip' }],
    ['malformed', {}, { hwid: null }],
    ['ip-blacklisted', listed('ip', '192.168.1.100:25565'), {}],
    ['ip-blacklisted', listed('ip', '192.168.1.100'), {}],
    ['ip-blacklisted', listed('ip', '203.0.113.0/24'), {}],
    ['ip-blacklisted', listed('ip', '2001:db8::/64'), { observedIp: '2001:db8::/64' }],
    ['ip-blacklisted', listed('ip', 'my server'), { declaredIp: 'My Server' }],
    ['country-blacklisted', listed('country', 'DEU'), {}],
    ['hwid-blacklisted', listed('hwid', 'hwid-1'), {}],
    ['hwid-blacklisted', listed('hwid', 'hwid-1'), { hwid: 'hWiD-1' }],
    ['key-blacklisted', listed('key', 'aa'.repeat(32)), {}],
    ['license-unknown', { license: null }, {}],
    ['license-unknown', { products: [{ ...product, deletedAt: ago(1) }, otherProduct] }, {}],
    ['license-unknown', { products: [otherProduct] }, {}],
    ['user-blacklisted', listed('user', '123456789012345678'), {}],
    ['product-unknown', {}, { product: 'Nothing' }],
    ['product-mismatch', {}, { product: 'Other', version: '9' }],
    ['version-mismatch', {}, { version: '1.0.1' }],
    ['suspended', { license: { ...license, holds } }, {}],
    ['switched-off', { license: { ...license, switchedOff: true } }, {}],
    ['expired', { license: { ...license, expiresAt: now } }, {}],
    ['ip-limit', { settings: full }, {}],
    ['hwid-limit', { settings: { 'limits.hwid': 0 } }, {}],
    ['mac-limit', { settings: { 'limits.mac': 0 } }, { mac: 'aa:bb' }],
  ])('%s', (denial, world, change) => {
    expect(answer(world, change)).toBe(denial);
  });

  test('the declared and the observed address are both looked up, whichever the limits count', () => {
    const observing = { ...definition, limitedIp: ({ observedIp }: CheckRequest) => observedIp };
    for (const by of [definition, observing]) {
      expect(answer(listed('ip', '192.168.1.100'), {}, by)).toBe('ip-blacklisted');
      expect(answer(listed('ip', '203.0.113.5'), {}, by)).toBe('ip-blacklisted');
    }
  });

  test('an unclaimed license passes, whichever user is blacklisted', () => {
    expect(answer({ license: { ...license, ownerId: null }, ...listed('user', '123456789012345678') })).toBe('granted');
  });

  test('where no HWID is required its absence passes the HWID limit, even one of 0', () => {
    const settings = { 'tki.requireHwid': false };
    expect(answer({ settings }, { hwid: null })).toBe('granted');
    expect(answer({ settings: { ...settings, 'limits.hwid': 0 } }, { hwid: null })).toBe('granted');
  });

  test.each(['accept', 'alert'] as const)('a HWID that is a placeholder passes where placeholders are: %s', (mode) => {
    expect(answer({ settings: { 'hwid.placeholders': mode } }, { hwid: 'unknown' })).toBe('granted');
  });

  test('a refused placeholder is malformed, required or not, even where it holds a slot', () => {
    const settings = { 'hwid.placeholders': 'refuse', 'tki.requireHwid': false } as const;
    expect(answer({ settings }, { hwid: 'unknown' })).toBe('malformed');
    const slot = { kind: 'hwid', value: 'unknown', firstSeenAt: now, lastSeenAt: now, releasedAt: null } as const;
    expect(answer({ settings, slots: [slot] }, { hwid: 'unknown' })).toBe('malformed');
    expect(answer({ settings }, { hwid: null })).toBe('granted');
    expect(answer({ settings }, { hwid: 'HWID-1' })).toBe('granted');
  });

  test('without a country, a key hash or a declared address there is nothing to look up', () => {
    expect(answer(listed('country', 'DEU'), { country: null })).toBe('granted');
    expect(answer({}, { declaredIp: null })).toBe('granted');
  });

  test('where staff must name a known product too, an unknown one is denied', () => {
    const strict = { ...definition, rules: [rules.productUnknown, ...definition.rules] };
    expect(answer({ license: { ...license, staff: true } }, { product: 'Nothing' }, strict)).toBe('product-unknown');
    expect(answer({}, {}, strict)).toBe('granted');
  });

  test('rules about a license pass where none was found', () => {
    const blind = { ...definition, rules: [...definition.rules.slice(8), rules.licenseUnknown] };
    expect(answer({ license: null }, {}, blind)).toBe('license-unknown');
  });
});

describe('the order of rules', () => {
  /** Every way to be refused at once, in TKI's order; each step takes the first away. */
  const steps: readonly (readonly [Denial, World, Partial<CheckRequest>])[] = [
    ['malformed', {}, { malformed: 'no' }],
    ['ip-blacklisted', listed('ip', '203.0.113.5'), {}],
    ['country-blacklisted', listed('country', 'DEU'), {}],
    ['hwid-blacklisted', listed('hwid', 'hwid-1'), {}],
    ['key-blacklisted', listed('key', 'aa'.repeat(32)), {}],
    ['user-blacklisted', listed('user', '123456789012345678'), {}],
    ['product-mismatch', {}, { product: 'Other' }],
    ['version-mismatch', {}, { version: '0' }],
    ['suspended', { license: { ...license, holds } }, {}],
    ['switched-off', { license: { ...license, switchedOff: true } }, {}],
    ['expired', { license: { ...license, expiresAt: ago(1) } }, {}],
    ['ip-limit', { settings: { 'limits.ip': 0 } }, {}],
    ['hwid-limit', { settings: { 'limits.hwid': 0 } }, {}],
    ['mac-limit', { settings: { 'limits.mac': 0 } }, { mac: 'aa:bb' }],
  ];

  test.each(steps.map(([denial], index) => [denial, index] as const))(
    '%s comes before everything behind it in the list',
    (denial, index) => {
      const left = steps.slice(index);
      const world: World = {
        blacklist: left.flatMap(([, each]) => each.blacklist ?? []),
        license: left.reduce((sum, [, each]) => ({ ...sum, ...changed(each.license) }), license),
        settings: Object.assign({}, ...left.map(([, each]) => each.settings ?? {})) as NonNullable<World['settings']>,
      };
      const change = Object.assign({}, ...left.map(([, , each]) => each)) as Partial<CheckRequest>;
      expect(answer(world, change)).toBe(denial);
    },
  );

  function changed(other: World['license']): Partial<typeof license> {
    const entries = Object.entries(other ?? {}).filter(
      ([key, value]) => license[key as keyof typeof license] !== value,
    );
    return Object.fromEntries(entries);
  }
});

describe('a staff license', () => {
  const staff = { ...license, staff: true };

  test.each<[string, Partial<CheckRequest>]>([
    ['another product', { product: 'Other' }],
    ['a product nobody knows', { product: 'Nothing at all' }],
    ['another version', { version: '0.0.1' }],
    ['another version of another product', { product: 'Other', version: 'x' }],
  ])('runs %s', (_, change) => {
    expect(answer({ license: staff }, change)).toBe('granted');
    expect(answer({}, change)).not.toBe('granted');
  });

  test.each<[Denial, World]>([
    ['ip-blacklisted', listed('ip', '203.0.113.5')],
    ['country-blacklisted', listed('country', 'DEU')],
    ['hwid-blacklisted', listed('hwid', 'hwid-1')],
    ['key-blacklisted', listed('key', 'aa'.repeat(32))],
    ['user-blacklisted', listed('user', '123456789012345678')],
    ['license-unknown', { products: [{ ...product, deletedAt: ago(1) }, otherProduct] }],
    ['suspended', { license: { ...staff, holds } }],
    ['switched-off', { license: { ...staff, switchedOff: true } }],
    ['expired', { license: { ...staff, expiresAt: now } }],
    ['ip-limit', { settings: full }],
    ['hwid-limit', { settings: { 'limits.hwid': 0 } }],
  ])('is refused all the same: %s', (denial, world) => {
    for (const name of ['Thing', 'Nothing at all']) {
      expect(answer({ license: staff, ...world }, { product: name })).toBe(denial);
    }
  });
});

describe('the instant of expiry', () => {
  test.each([
    [-1, 'granted'],
    [0, 'expired'],
    [1, 'expired'],
  ])('%i ms from it: %s', (ms, result) => {
    const expiresAt = new Date('2028-02-29T23:59:59.999Z');
    const at = new Date(expiresAt.getTime() + ms);
    expect(answer({ license: { ...license, expiresAt }, now: at })).toBe(result);
  });
});
