import { describe, expect, test } from '@jest/globals';
import { effectiveForgetAfter, effectiveLimits } from '../../../src/domain/effective-limits.ts';
import {
  inheritedLimits,
  type InheritableLimits,
  parseLimit,
  parseInheritableForgetAfter,
  parseInheritableLimit,
} from '../../../src/domain/limits.ts';
import { defaultSettings } from '../../../src/domain/settings/settings.ts';

const limits = (own: Partial<InheritableLimits>) => ({ limits: { ...inheritedLimits, ...own } });
const noLimit = { ok: false, error: { code: 'not-a-limit', mayInherit: false } };
const noOwnLimit = { ok: false, error: { code: 'not-a-limit', mayInherit: true } };

describe('effective limits', () => {
  test('are the guild’s where neither license nor product has its own', () => {
    expect(effectiveLimits(limits({}), limits({}), defaultSettings)).toEqual({ ip: 5, hwid: 5, mac: null });
  });

  test('are the license’s own, else its product’s, kind by kind', () => {
    const settings = { ...defaultSettings, 'limits.mac': 9 };
    const product = limits({ ip: 3, hwid: 0, mac: 'inherit' });
    expect(effectiveLimits(limits({ ip: 1 }), product, settings)).toEqual({ ip: 1, hwid: 0, mac: 9 });
  });

  test('0 and unlimited are limits of one’s own, not absent ones', () => {
    const product = limits({ ip: 3, hwid: null });
    expect(effectiveLimits(limits({ ip: 0, hwid: 0 }), product, defaultSettings)).toMatchObject({ ip: 0, hwid: 0 });
    expect(effectiveLimits(limits({ ip: null }), product, defaultSettings)).toMatchObject({ ip: null, hwid: null });
  });
});

describe('effective times to forget', () => {
  test('are the license’s own, else the guild’s; never is a time of one’s own', () => {
    const settings = { ...defaultSettings, 'forgetAfter.ip': 720, 'forgetAfter.hwid': 60 };
    const license = { forgetAfter: { ip: null, hwid: 'inherit', mac: 5 } } as const;
    expect(effectiveForgetAfter(license, settings)).toEqual({ ip: null, hwid: 60, mac: 5 });
  });
});

describe('reading limits', () => {
  test.each([
    ['0', 0],
    [' 1000 ', 1000],
    ['007', 7],
    ['Unlimited', null],
  ])('%j is one', (text, limit) => {
    expect(parseLimit(text)).toEqual({ ok: true, value: limit });
    expect(parseInheritableLimit(text)).toEqual({ ok: true, value: limit });
  });

  test.each(['-1', '1001', '1.5', '1e2', '', 'none', 'null', '0x10', '١', '99999999999'])('%j is none', (text) => {
    expect(parseLimit(text)).toEqual(noLimit);
    expect(parseInheritableLimit(text)).toEqual(noOwnLimit);
  });

  test('only a license or product can inherit one', () => {
    expect(parseInheritableLimit('Inherit')).toEqual({ ok: true, value: 'inherit' });
    expect(parseLimit('inherit')).toEqual(noLimit);
  });
});

describe('reading times to forget', () => {
  test.each([
    ['inherit', 'inherit'],
    ['never', null],
    ['720', 720],
    ['12h', 720],
    ['7d', 10_080],
  ])('%j is one', (text, minutes) => {
    expect(parseInheritableForgetAfter(text)).toEqual({ ok: true, value: minutes });
  });

  test.each(['0', '-5', '10000001', '20y', 'soon', ''])('%j is none', (text) => {
    expect(parseInheritableForgetAfter(text)).toEqual({ ok: false, error: { code: 'not-a-forget-time' } });
  });
});
