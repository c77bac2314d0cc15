import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Body } from '../../../src/http/body.ts';
import {
  boundedText,
  lastOf,
  looseText,
  parseFields,
  parseQuery,
  wholeNumber,
} from '../../../src/http/request-fields.ts';

const form = 'application/x-www-form-urlencoded';
const bytes = (text: string): Body => ({ type: 'bytes', bytes: Buffer.from(text) });
const multipart = (...parts: readonly string[]) =>
  [...parts.map((part) => `--X\r\nContent-Disposition: form-data; ${part}\r\n`), '--X--\r\n'].join('');

describe('a query', () => {
  test.each([
    ['', {}],
    ['a=1&b=x%20y+z', { a: '1', b: 'x y z' }],
    ['a=1&a=2&b=3', { a: ['1', '2'], b: '3' }],
    ['a[]=1', { a: ['1'] }],
    ['a%5B%5D=1&a[]=2', { a: ['1', '2'] }],
    ['a[1]=x&a[0]=y', { a: ['x', 'y'] }],
    ['a&b=&=c', { a: '', b: '', '': 'c' }],
    ['&&a=1&', { a: '1' }],
    ['a=b=c', { a: 'b=c' }],
  ])('%s', (text, fields) => {
    expect(parseQuery(text)).toEqual(fields);
  });

  test.each(['a=%', 'a=%zz', '%e9=1', 'a=caf%E9'])('with broken percent-encoding is none: %s', (text) => {
    expect(parseQuery(text)).toBeNull();
  });

  test('makes a field of every name, also of one that objects inherit', () => {
    const fields = parseQuery('__proto__=a&constructor=b');
    expect(Object.entries(fields ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });

  test('says what URLSearchParams wrote', () => {
    const texts = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('['));
    fc.assert(
      fc.property(fc.dictionary(texts, texts), (fields) => {
        const trimmed = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.trim(), value]));
        fc.pre(Object.keys(trimmed).length === Object.keys(fields).length);
        expect(parseQuery(new URLSearchParams(fields).toString())).toEqual(trimmed);
      }),
      { seed: 1 },
    );
  });
});

describe('the fields of a body', () => {
  test.each([
    ['JSON', '{"a":1}', 'application/json'],
    ['JSON that is called a form', '{"a":1}', form],
    ['JSON that is called nothing', ' {"a":1}\n', undefined],
    ['JSON after a byte order mark', '\ufeff{"a":1}', 'text/plain'],
  ])('are those of %s', (_name, text, type) => {
    expect(parseFields(bytes(text), type)).toEqual({ a: 1 });
  });

  test.each([
    ['a form', 'a=1', `${form}; charset=UTF-8`],
    ['a form that is called JSON', 'a=1', 'application/json'],
    ['a form that is called nothing', 'a=1', undefined],
    ['a multipart form', multipart('name="a"\r\n\r\n1'), 'multipart/form-data; boundary=X'],
    [
      'one with other words',
      multipart('name=a\r\nContent-Type: text/plain\r\n\r\n1'),
      'Multipart/Form-Data;boundary="X"',
    ],
  ])('are those of %s', (_name, text, type) => {
    expect(parseFields(bytes(text), type)).toEqual({ a: '1' });
  });

  test('are repeated in a multipart form as in any other', () => {
    const text = multipart('name="a[]"\r\n\r\n1', 'name="a[]"\r\n\r\n2', 'name="b"\r\n\r\nx\r\ny');
    expect(parseFields(bytes(text), 'multipart/form-data; boundary=X')).toEqual({ a: ['1', '2'], b: 'x\r\ny' });
  });

  test.each(['', ' \r\n', 'null', '[]', '{}'])('are none in an empty one: %j', (text) => {
    expect(parseFields(bytes(text), 'application/json')).toEqual({});
  });

  test.each([
    ['broken JSON', '{"a":', 'application/json'],
    ['a list', '[1]', 'application/json'],
    ['a text', '"a=1"', form],
    ['words', 'hello there', 'text/plain'],
    ['a form with broken percent-encoding', 'a=%zz', form],
    ['a multipart form without end', multipart('name="a"\r\n\r\n1').slice(0, -4), 'multipart/form-data; boundary=X'],
    ['a part without name', multipart('x\r\n\r\n1'), 'multipart/form-data; boundary=X'],
  ])('are unknown in %s', (_name, text, type) => {
    expect(parseFields(bytes(text), type)).toBeNull();
  });

  test('are unknown where the bytes are no UTF-8 or there are none', () => {
    expect(parseFields({ type: 'bytes', bytes: Buffer.from([0x61, 0x3d, 0xe9]) }, form)).toBeNull();
    expect(parseFields({ type: 'unreadable' }, form)).toBeNull();
  });

  test('are read in time that grows with the body, however it repeats itself', () => {
    const half = 32 * 1024;
    for (const [text, type] of [
      ['a&'.repeat(half), form],
      ['a[]=1&'.repeat(half / 3), form],
      [multipart(`name="${' name="'.repeat(half / 4)}`), 'multipart/form-data; boundary=X'],
      ['--X'.repeat(half / 2), 'multipart/form-data; boundary=X'],
    ] as const) {
      const before = process.threadCpuUsage();
      parseFields(bytes(text), type);
      // Quadratic time would take minutes. Only this thread's time counts, because the machine may be busy.
      expect(process.threadCpuUsage(before).user).toBeLessThan(1_000_000);
    }
  });
});

test.each([
  [7, 7],
  ['7', 7],
  [' +007.00 ', 7],
  [-1, -1],
  ['-0', 0],
  [7.5, null],
  ['7.5', null],
  ['7e0', null],
  ['0x7', null],
  [1e15, null],
  [NaN, null],
  ['', null],
  ['\u0667', null],
  [true, null],
  [['7'], null],
  [null, null],
])('%j says the whole number %j', (value, number) => {
  expect(wholeNumber(value)).toBe(number);
});

test('a bounded text is trimmed, and none where it is blank, too long or what stores would change', () => {
  expect(boundedText(` ${'x'.repeat(1024)}\n`)).toBe('x'.repeat(1024));
  for (const none of ['', ' \t', 'x'.repeat(1025), 'a\0b', '\ud800', 7, ['a'], null]) {
    expect(boundedText(none)).toBeNull();
  }
});

test('a loose text is cut and mended instead, and may be a number', () => {
  expect(looseText('x'.repeat(2000))).toBe('x'.repeat(1024));
  expect(looseText(' a\0b\ud800 ')).toBe('a\ufffdb\ufffd');
  expect([7, false].map(looseText)).toEqual(['7', 'false']);
  for (const none of ['', ' ', null, undefined, {}, ['a']]) expect(looseText(none)).toBeNull();
});

test('of several values the last one counts', () => {
  expect([lastOf(['a', 'b']), lastOf('a'), lastOf([])]).toEqual(['b', 'a', undefined]);
});
