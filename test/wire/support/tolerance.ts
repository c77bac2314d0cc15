import { readFileSync } from 'node:fs';
import { brotliCompressSync, deflateSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../../src/domain/attempt.ts';
import { send, sendRaw, type WireRequest } from './send.ts';
import { startWire, type Wire } from './start-wire.ts';
import { embeddedStore } from './stores.ts';
import { type WorldChanges, worldGuildId } from './world.ts';

/** One line of a table in docs/protocols.md: what is accepted, in every way that the line means. */
export interface Tolerance {
  readonly world?: WorldChanges;
  /** A text is what goes over the connection, byte for byte. */
  readonly sent: readonly (WireRequest | string)[];
  /** What the store has to say of each; left out: that it was granted. */
  readonly attempt?: Partial<Attempt>;
}

/** A key that has two spellings in Unicode, as it is stored. */
const storedKey = 'CL\u00c9-GOLD2-GOLD3';
const otherSpellings = [
  'CLE\u0301-GOLD2-GOLD3',
  '\u200bCL\u00c9-\u2060GOLD2-GO\u00adLD3\u200e',
  '\ufeffCLE\u200d\u0301-GOLD2-GOLD3',
];

const meaningless = 'fields that mean nothing, but with Lukittu and LicenseGate';

/** Each line is granted as a faultless request is, and the protocol's section of the documentation has just these. */
export function describeTolerance(
  title: string,
  granted: string,
  lines: Readonly<Record<string, Tolerance>>,
  common: Readonly<Record<string, Tolerance>> = {},
): void {
  describe(`${title} accepts`, () => {
    let wire: Wire | undefined;
    afterEach(async () => {
      await wire?.stop();
      wire = undefined;
    });

    test.each(Object.entries({ ...common, ...lines }))('%s', async (_line, { world = {}, sent, attempt = {} }) => {
      wire = await startWire({ store: embeddedStore, world });
      for (const request of sent) {
        const isRaw = typeof request === 'string';
        const answer = isRaw ? await sendRaw(wire.http.port, request) : await send(wire.http.port, request);
        if (typeof answer === 'string')
          expect(answer).toMatch(/^HTTP\/1\.1 (?:100 Continue\r\n\r\nHTTP\/1\.1 )?200 OK\r\n/);
        expect(typeof answer === 'string' ? answer.split('\r\n\r\n').at(-1) : answer.body).toBe(granted);
        const [stored] = await wire.storage.attempts(worldGuildId, { quiet: true }, { limit: 1, beforeId: null });
        expect(stored).toMatchObject({ result: 'granted', ...attempt });
      }
      expect(wire.errors).toEqual([]);
    });

    test('just what the documentation says', () => {
      expect(documented(title)).toEqual(Object.keys(lines));
      const all = documented('Every system');
      const strict = all.filter((line) => line !== meaningless);
      expect([[], strict, all]).toContainEqual(Object.keys(common));
    });
  });
}

function documented(title: string): readonly string[] {
  const docs = readFileSync(new URL('../../../docs/protocols.md', import.meta.url), 'utf8');
  const section = docs.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
  const cells = section.split('\n').flatMap((row) => /^\| (.*?) +\|/.exec(row)?.slice(1) ?? []);
  return cells.filter((cell) => cell !== 'Accepted' && !/^-+$/.test(cell));
}

/** A request as bytes, for a connection that ends with the answer. */
export function bytesOf(
  { path, headers = {}, body, bodyText }: WireRequest,
  more: Readonly<Record<string, string>> = {},
  version = '1.1',
): string {
  const text = bodyText ?? (body === undefined ? '' : JSON.stringify(body));
  const all = {
    host: 'x',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
    ...headers,
    ...more,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/${version}\r\n${lines.join('')}\r\n${text}`;
}

/** The request with another key than the golden one, wherever the system has its key. */
function withKey({ path, headers = {}, body, ...request }: WireRequest, key: string): WireRequest {
  const goldenKey = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';
  const inHeader = Buffer.from(key).toString('latin1');
  return {
    ...request,
    path: path.replace(goldenKey, encodeURIComponent(key)),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, text]) => [name, text.replace(goldenKey, inHeader)]),
    ),
    body: JSON.parse(JSON.stringify(body).replace(goldenKey, key)) as unknown,
  };
}

/** What every client may do on every route that takes a body, whatever its system; a strict one wants no other fields. */
export function commonTolerances(
  good: WireRequest & { readonly body: object },
  { isStrict = false } = {},
): Readonly<Record<string, Tolerance>> {
  const { path, headers = {}, body } = good;
  const text = JSON.stringify(body);
  const typed = (type: string): WireRequest => ({ ...good, headers: { ...headers, 'content-type': type } });
  const { 'content-type': _type, ...untyped } = headers;
  const { body: _body, ...bodiless } = good;
  const chunks = `4\r\n${text.slice(0, 4)}\r\n${(text.length - 4).toString(16)}\r\n${text.slice(4)}\r\n0\r\n\r\n`;
  const chunked = bytesOf({ ...bodiless, bodyText: '' }, { 'transfer-encoding': 'chunked' });
  return {
    'no `Content-Type`, another one, or one with odd parameters': {
      sent: [
        { ...good, headers: untyped },
        typed('text/html'),
        typed('application/json;;charset=utf8; ='),
        typed('application/octet-stream'),
        typed(''),
      ],
    },
    'a byte order mark before the JSON': { sent: [{ ...bodiless, bodyText: `\ufeff${text}` }] },
    'a body in gzip, deflate or Brotli, and `Content-Encoding: utf-8`, which is none': {
      sent: [
        { ...bodiless, bodyGzip: body },
        { ...good, headers: { ...headers, 'content-encoding': 'UTF-8' } },
        ...(['deflate', 'br'] as const).map((encoding) => ({
          ...bodiless,
          headers: { ...headers, 'content-encoding': encoding },
          bodyBase64: (encoding === 'br' ? brotliCompressSync(text) : deflateSync(text)).toString('base64'),
        })),
      ],
    },
    'a chunked body, and `Expect: 100-continue`': {
      sent: [chunked.replace(/content-length: 0\r\n/, '') + chunks, bytesOf(good, { expect: '100-continue' })],
    },
    'HTTP/1.0, no `Host`, no `User-Agent`, and a whole URL as the target': {
      sent: [
        bytesOf(good, {}, '1.0').replace('host: x\r\n', ''),
        bytesOf(good).replace('host: x\r\n', ''),
        bytesOf({ ...good, path: `http://license.example.com${path}` }),
      ],
    },
    'another letter case in the path, slashes after it, several before it, and a query that means nothing': {
      sent: [path.toUpperCase(), `${path}/`, `//${path}`, `${path}?foo=bar`].map((sloppy) => ({
        ...good,
        path: sloppy,
      })),
    },
    'blanks between the JSON': { sent: [{ ...bodiless, bodyText: ` \r\n${JSON.stringify(body, null, '\t')}\n` }] },
    'a key in another Unicode form, or with zero-width blanks, soft hyphens or direction marks in or around it': {
      world: { license: { key: storedKey } },
      sent: otherSpellings.map((spelling) => withKey(good, spelling)),
    },
    ...(isStrict ? {} : { [meaningless]: { sent: [{ ...good, body: { ...body, foo: { bar: [1] }, '': null } }] } }),
  };
}
