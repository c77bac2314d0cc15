import { describe, expect, test } from '@jest/globals';
import {
  readBranch,
  readRequiredText,
  readText,
  readUrl,
  readVersion,
} from '../../../src/domain/values/read-fields.ts';
import { type Field, fieldLimits } from '../../../src/domain/values/field-limits.ts';

describe('fields', () => {
  test.each(Object.entries(fieldLimits) as [Field, number][])('%s takes %i characters and no more', (field, max) => {
    expect(readText(field, ` ${'😀'.repeat(max)} `)).toEqual({ ok: true, value: '😀'.repeat(max) });
    expect(readText(field, 'x'.repeat(max + 1))).toEqual({ ok: false, error: { code: 'text-too-long', field, max } });
  });

  test('blank means none, which a required text must not be', () => {
    expect(readText('note', '  ')).toEqual({ ok: true, value: null });
    expect(readText('note', null)).toEqual({ ok: true, value: null });
    expect(readRequiredText('productName', ' ')).toEqual({
      ok: false,
      error: { code: 'text-missing', field: 'productName' },
    });
    expect(readRequiredText('productName', ' Thing ')).toEqual({ ok: true, value: 'Thing' });
    expect(readRequiredText('productName', 'x'.repeat(101)).ok).toBe(false);
  });

  test('lone surrogates do not get in', () => {
    expect(readText('note', 'a\ud800')).toEqual({ ok: true, value: 'a\ufffd' });
  });

  test.each([
    ['https://example.com/a?b#c', 'https://example.com/a?b#c'],
    [' http://example.com ', 'http://example.com'],
    ['', null],
    [null, null],
  ])('%j is a URL', (text, value) => {
    expect(readUrl(text)).toEqual({ ok: true, value });
  });

  test.each([
    'example.com',
    'javascript:alert(1)',
    'ftp://example.com',
    'https://',
    `https://e.com/${'x'.repeat(500)}`,
  ])('%j is no URL', (text) => {
    expect(readUrl(text)).toEqual({ ok: false, error: { code: 'url-invalid' } });
  });

  test.each(['1', '1.0.0', 'v2-beta+build', 'ü'])('%j is a version', (text) => {
    expect(readVersion(` ${text} `)).toEqual({ ok: true, value: text });
  });

  test.each(['', '1 0', 'a\0', 'x'.repeat(256)])('%j is no version', (text) => {
    expect(readVersion(text)).toEqual({ ok: false, error: { code: 'version-invalid' } });
  });

  test.each([
    ['beta', 'beta'],
    ['early access_2', 'early access_2'],
    ['', null],
  ])('%j is a branch', (text, value) => {
    expect(readBranch(text)).toEqual({ ok: true, value });
  });

  test.each(['b', 'a/b', 'ümlaut', 'x'.repeat(256)])('%j is no branch', (text) => {
    expect(readBranch(text)).toEqual({ ok: false, error: { code: 'branch-invalid' } });
  });
});
