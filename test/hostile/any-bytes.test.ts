import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Protocol } from '../../src/domain/attempt.ts';
import { createProtocols } from '../../src/http/protocols/protocols.ts';
import { noContext } from '../support/protocol-context.ts';
import { send } from '../wire/support/send.ts';
import { startWire, type Wire } from '../wire/support/start-wire.ts';
import { embeddedStore } from '../wire/support/stores.ts';

/** The answers that may come, as the protocols' pages have them. */
const shapes: Readonly<Record<Protocol, { readonly statuses: readonly number[]; readonly body: RegExp }>> = {
  tki: {
    statuses: [400, 401, 403, 404],
    body: /^\{"message":"[^"]+","status_overview":"failed"\}$/,
  },
  faxstore: {
    statuses: [200],
    body: /^\{"status":"(?:BAD REQUEST|NOT FOUND)","pass":false,"details":"[^"]+ - https:\/\/license\.example\.com"\}$/,
  },
  sunlicense: {
    statuses: [400],
    body: /^\{"message":"[^"]+","status":400,"timestamp":"2030-06-15T12:00:00\.000\+00:00"\}$/,
  },
  lukittu: {
    statuses: [400],
    body: /^\{"data":null,"result":\{"timestamp":"2030-06-15T12:00:00\.000Z","valid":false,"details":"[^"]+","code":"BAD_REQUEST"\}\}$/,
  },
  licensegate: {
    statuses: [200, 400],
    body: /^(?:\{"valid":false,(?:"result":"NOT_FOUND"|"error":"INVALID_REQUEST_SCHEMA")\})?$/,
  },
};

/** What the world has in these places. */
const known: Readonly<Record<string, string>> = {
  ':id': '7',
  ':teamId': '11111111-2222-4333-8444-555555555555',
  ':userId': 'abcde',
  ':licenseKey': 'WRONG',
};

const asked = createProtocols(noContext).flatMap(({ name, routes }) =>
  routes.flatMap(({ path, methods }) => methods.map((method) => ({ method, path, ...shapes[name] }))),
);

let wire: Wire;
beforeEach(async () => {
  wire = await startWire({ store: embeddedStore, config: { guard: { failures: 0 } } });
});
afterEach(async () => {
  await wire.stop();
});

const contentTypes = fc.constantFrom(
  'application/json',
  'application/json; charset=iso-8859-1',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=X',
  'multipart/form-data',
  'text/plain',
  ';',
);
const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc.dictionary(fc.string(), fc.string()).map((fields) => Buffer.from(new URLSearchParams(fields).toString())),
  fc
    .string()
    .map((text) => Buffer.from(`--X\r\nContent-Disposition: form-data; name="proIds"\r\n\r\n${text}\r\n--X--`)),
  fc.nat(40_000).map((depth) => Buffer.from(`{"info":${'['.repeat(depth)}`)),
  // As deep as 64 kB go: what is written back must not overflow.
  fc.nat(30_000).map((depth) => Buffer.from(`{"info":${'['.repeat(depth)}${']'.repeat(depth)}}`)),
);
/** All that may stand in a target without ending it. */
const rawTexts = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom('%', '%zz', '%ff', '%00', '%2f', '..', '%2e%2e', '7%00', '-7', '7e0', '1e400', '0x7', '٧'),
);

test.each(asked)(
  'whatever bytes come to $method $path, the answer has its shape',
  async ({ method, path, statuses, body: shape }) => {
    await fc.assert(
      fc.asyncProperty(
        bodies,
        contentTypes,
        rawTexts,
        rawTexts,
        fc.boolean(),
        async (bytes, type, id, query, named) => {
          const param = asTarget(id).replace(/[/?]/g, '');
          const target =
            path.replace(/:\w+/g, (name) => (named || param === '' ? (known[name] ?? name) : param)) +
            (query === '' ? '' : `?${asTarget(query)}`);
          const headers = { 'content-type': type, 'content-length': String(bytes.length) };
          const { status, body } = await send(wire.http.port, {
            method,
            path: target,
            headers,
            bodyBase64: bytes.toString('base64'),
          });
          expect(statuses).toContain(status);
          expect(body).toMatch(shape);
        },
      ),
      { numRuns: 200, seed: 5 },
    );
    expect(wire.errors).toEqual([]);
  },
);

/** What Node's client would refuse to send is sent encoded. */
function asTarget(text: string): string {
  return text.replace(/[^\x21-\x7e]/gu, encodeURIComponent).replaceAll('#', '');
}
