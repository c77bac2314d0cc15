import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { License } from '../../src/domain/license.ts';
import { send, sendRaw, type WireRequest } from '../wire/support/send.ts';
import { startWire, type Wire } from '../wire/support/start-wire.ts';
import { embeddedStore } from '../wire/support/stores.ts';
import { tkiRequest } from '../wire/support/tki-request.ts';
import { worldGuildId } from '../wire/support/world.ts';

const missing =
  '{"message":"Missing required fields: data.ip, data.hwid, data.product, data.version, or data.licensekey","status_overview":"failed"}';
const good = JSON.stringify(tkiRequest().body);
const { data } = tkiRequest().body as { data: Readonly<Record<string, string>> };
const base64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64');

let wire: Wire;
let license: License;
beforeEach(async () => {
  wire = await startWire({ store: embeddedStore, config: { guard: { failures: 0 } } });
  license = (await wire.storage.licenses(worldGuildId, {}, { limit: 1, beforeId: null }))[0]!;
});
afterEach(async () => {
  await wire.stop();
});

function withBody({ headers, ...body }: Partial<WireRequest>): WireRequest {
  const { body: _good, ...rest } = tkiRequest({}, headers);
  return { ...rest, ...body };
}

/** Nothing was bound or changed, nothing is in every object now, and the next customer is served. */
async function expectUnharmed(): Promise<void> {
  expect(await wire.storage.license(worldGuildId, { id: license.id })).toEqual(license);
  expect((await wire.storage.bindings(worldGuildId, license.id, 10)).counts).toEqual({ ip: 0, hwid: 0, mac: 0 });
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect('polluted' in {}).toBe(false);
  expect(wire.errors).toEqual([]);
  expect(await send(wire.http.port, tkiRequest())).toMatchObject({ status: 200 });
}

const deep = (count: number, open: string, close: string) => open.repeat(count) + close.repeat(count);
const oversized = JSON.stringify({ ...JSON.parse(good), padding: 'x'.repeat(64 * 1024) });
const packed = (bytes: Buffer | string, encoding = 'gzip') => ({
  bodyBase64: base64(bytes),
  headers: { 'content-encoding': encoding },
});

test.each<[string, Partial<WireRequest>]>([
  ['is empty', { bodyText: '' }],
  ['is blank', { bodyText: ' \n' }],
  ['is a number', { bodyText: '5' }],
  ['is a text', { bodyText: JSON.stringify(good) }],
  ['is true', { bodyText: 'true' }],
  ['is null', { bodyText: 'null' }],
  ['is an array of the right thing', { bodyText: `[${good}]` }],
  ['is two', { bodyText: good + good }],
  ['is cut off', { bodyText: good.slice(0, -1) }],
  ['is JavaScript', { bodyText: good.replaceAll('"', "'") }],
  ['is XML', { bodyText: '<data/>' }],
  [
    'is a form',
    {
      bodyText: `data[licensekey]=${data.licensekey}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
  ],
  ['is UTF-16', { bodyBase64: base64(Buffer.from(good, 'utf16le')) }],
  ['is no UTF-8', { bodyBase64: base64(Buffer.from([...Buffer.from(good), 0xff])) }],
  ['has its fields one level too high', { body: data }],
  ['has its fields one level too deep', { body: { data: { data } } }],
  ['has a text for data', { body: { data: JSON.stringify(data) } }],
  ['has an array for data', { body: { data: [data] } }],
  ['names data twice, last empty', { bodyText: `{"data":${JSON.stringify(data)},"data":{}}` }],
  ['has another letter case', { bodyText: good.replace('"data"', '"Data"') }],
  ['inherits data', { bodyText: `{"__proto__":${good}}` }],
  ['inherits all fields', { bodyText: `{"data":{"__proto__":${JSON.stringify(data)}}}` }],
  ['hides in a constructor', { bodyText: `{"constructor":{"prototype":${good}}}` }],
  ['is 10,000 arrays deep', { bodyText: deep(10_000, '[', ']') }],
  ['is 10,000 objects deep', { bodyText: deep(10_000, '{"data":', '}').replace('}', '1}') }],
  ['has 10,000 levels in data', { bodyText: `{"data":${deep(10_000, '[', ']')}}` }],
  ['is over the limit', { bodyText: oversized }],
  ['is over the limit once unpacked', packed(gzipSync(oversized))],
  ['unpacks to 100 MB', packed(gzipSync(Buffer.alloc(100_000_000)))],
  ['unpacks to 100 MB from brotli', packed(brotliCompressSync(Buffer.alloc(100_000_000)), 'br')],
  ['is no gzip', packed(good)],
  ['is gzip that is cut off', packed(gzipSync(good).subarray(0, -12))],
  ['is gzip with a wrong checksum', packed(spoiled(gzipSync(good), -6))],
  ['is gzip without a header that says so', { bodyBase64: base64(gzipSync(good)) }],
  ['is deflate and says gzip', packed(deflateSync(good))],
  ['is packed twice', packed(gzipSync(gzipSync(good)), 'gzip, gzip')],
])('a body that %s is malformed, and harms no other client', async (_what, body) => {
  const answer = await send(wire.http.port, withBody(body));
  expect(answer).toMatchObject({ status: 400, body: missing });
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  await expectUnharmed();
});

function spoiled(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = copy.length + at;
  copy[index] = copy[index]! ^ 0xff;
  return copy;
}

describe('what pollutes nothing', () => {
  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'])(
    'a field called %s next to the others is ignored',
    async (name) => {
      const poison = '{"polluted":"yes","prototype":{"polluted":"yes"}}';
      const bodyText = `{"${name}":${poison},"data":{"${name}":${poison},${JSON.stringify(data).slice(1)}}`;
      const answer = await send(wire.http.port, withBody({ bodyText }));
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.body).not.toContain('polluted');
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect('polluted' in {}).toBe(false);
    },
  );
});

describe('framing', () => {
  const head = 'POST /api/license/auth HTTP/1.1\r\nHost: x\r\nAuthorization: golden-api-key\r\n';
  const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

  test('byte after byte in chunks is the same body', async () => {
    const chunks = Array.from(good, chunk).join('');
    const answer = await sendRaw(
      wire.http.port,
      `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each([
    ['both a length and chunks', `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(good)}0\r\n\r\n`],
    ['two lengths', `Content-Length: ${good.length}\r\nContent-Length: 5\r\n\r\n${good}`],
    ['a negative length', `Content-Length: -1\r\n\r\n${good}`],
    ['a chunk size that is none', `Transfer-Encoding: chunked\r\n\r\nzz\r\n${good}\r\n0\r\n\r\n`],
    ['chunks under another name', `Transfer-Encoding: xchunked\r\n\r\n${chunk(good)}0\r\n\r\n`],
  ])('%s could be read in two ways, and is not read at all', async (_what, rest) => {
    const answer = await sendRaw(wire.http.port, `${head}${rest}`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toMatch(/Successful|<html|at .*\.ts:/);
    await expectUnharmed();
  });
});
