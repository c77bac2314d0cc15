import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Protocol } from '../../src/domain/attempt.ts';
import { createProtocols } from '../../src/http/protocols/protocols.ts';
import { send, type WireRequest } from '../wire/support/send.ts';
import { startWire, type Wire, type WireOptions } from '../wire/support/start-wire.ts';
import { watched } from '../wire/support/stores-watched.ts';
import { embeddedStore } from '../wire/support/stores.ts';
import { tkiRequest } from '../wire/support/tki-request.ts';
import { worldGuildId } from '../wire/support/world.ts';
import { noContext } from '../support/protocol-context.ts';

const store = embeddedStore;
const goldenKey = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

async function start(options: Partial<WireOptions> = {}): Promise<Wire> {
  wire = await startWire({ store, config: { guard: { failures: 0 } }, ...options });
  return wire;
}

/** A request in which nothing is wrong but what the test puts there, and what its page then says to it. */
interface Spoken {
  /** Its fields, with what they are called on the way to the store. */
  readonly fields: Readonly<Record<string, 'key' | 'product' | 'version' | 'declaredIp' | 'hwid'>>;
  request(fields: object, headers?: Readonly<Record<string, string>>): WireRequest;
  /** null: the page allows it. */
  refusalOf(field: string, value: unknown): { readonly status: number; readonly body: string } | null;
}

const tkiRefusal = (message: string) => ({
  status: 400,
  body: JSON.stringify({ message, status_overview: 'failed' }),
});

// As the protocols' pages have it, written anew here: not one line is shared with what is tested.
const spoken: Readonly<Partial<Record<Protocol, Spoken>>> = {
  tki: {
    fields: { product: 'product', version: 'version', licensekey: 'key', ip: 'declaredIp', hwid: 'hwid' },
    request: tkiRequest,
    refusalOf: (field, value) => {
      if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) {
        return tkiRefusal(
          'Missing required fields: data.ip, data.hwid, data.product, data.version, or data.licensekey',
        );
      }
      if (typeof value !== 'string') return tkiRefusal(`Invalid field: data.${field}`);
      const isText = value.trim().length <= 1024 && !value.includes('\0') && !/\p{Cs}/u.test(value);
      return isText ? null : tkiRefusal(`Invalid field: data.${field}`);
    },
  },
};

/** What databases, query builders and loose comparisons take for more than a text. */
const operators = fc.constantFrom<unknown>(
  { $ne: null },
  { $gt: '' },
  { $regex: '.*' },
  { $in: [goldenKey] },
  { $where: '1' },
  { $exists: true },
  { $not: { $eq: 1 } },
  [goldenKey],
  [[goldenKey]],
  [],
  {},
  { toString: goldenKey },
  { value: goldenKey },
  { length: 3, 0: 'a' },
  true,
  false,
  0,
  -1,
  1e400,
  1.5,
  null,
  undefined,
);
const texts = fc.constantFrom<unknown>(
  '',
  ' \t\r\n\u00a0',
  'a\0b',
  '\0',
  '\ud800',
  '\udc00\ud800',
  'x'.repeat(1024),
  'x'.repeat(1025),
  'x'.repeat(10_000),
  '\u{1f600}'.repeat(512),
  '\u{1f600}'.repeat(513),
  '$ne',
  '$$ROOT',
  "' OR 1=1 --",
  '__proto__',
  '%',
  '_',
  '*',
);
const values = fc.oneof({ weight: 3, arbitrary: operators }, texts, fc.string({ unit: 'binary' }), fc.jsonValue());

test('every system that is spoken here is attacked here', () => {
  expect(Object.keys(spoken)).toEqual(createProtocols(noContext).map(({ name }) => name));
});

describe.each(Object.entries(spoken))('%s', (_name, { fields, request, refusalOf }) => {
  test.each(Object.keys(fields))(
    'whatever is no text of bounded length in `%s` is refused as the page says',
    async (field) => {
      const spied = watched(store);
      const { http, errors } = await start({ store: spied });
      await fc.assert(
        fc.asyncProperty(values, async (value) => {
          const answer = await send(http.port, request({ [field]: value }));
          // What JSON cannot say is another value for the server: 1e400 is null there, undefined is not there at all.
          const sent = value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
          const refusal = refusalOf(field, sent);
          if (refusal) expect(answer).toMatchObject(refusal);
          const { [fields[field]!]: asked } = spied.requests.at(-1)!;
          expect(asked).toBe(refusal ? null : (sent as string).trim());
        }),
        { numRuns: 150, seed: 1, examples: [[{ $ne: null }], [[goldenKey]], [undefined], ['x'.repeat(1025)]] },
      );
      expect(errors).toEqual([]);
    },
  );

  test('several wrong fields at once bind nothing and are granted nothing', async () => {
    const { http, storage } = await start();
    const [license] = await storage.licenses(worldGuildId, {}, { limit: 1, beforeId: null });
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...Object.keys(fields)), operators, { minKeys: 2 }),
        async (wrong) => {
          const { status } = await send(http.port, request(wrong));
          expect(status).toBe(400);
        },
      ),
      { numRuns: 100, seed: 2 },
    );
    expect((await storage.bindings(worldGuildId, license!.id, 10)).counts).toEqual({ ip: 0, hwid: 0, mac: 0 });
    expect(await storage.license(worldGuildId, { id: license!.id })).toEqual(license);
  });
});

test('whatever stands in Authorization, only the API key itself opens its guild', async () => {
  const { http, storage, errors } = await start();
  const keys = fc.constantFrom(
    'golden-api-key',
    'GOLDEN-API-KEY',
    'golden-api-ke',
    'golden-api-key-',
    'golden-api-key, golden-api-key',
    'golden api key',
    'golden-api-key%00',
    '[object Object]',
    '{"$ne":null}',
    'undefined',
    'null',
    'true',
    '0',
    'g\u00f6lden-api-key',
    '%',
    '*',
    "' OR 1=1 --",
    'x'.repeat(10_000),
    '',
  );
  const words = fc.constantFrom('', 'Bearer ', 'bearer   ', 'Basic ', 'Bearer Bearer ', ' ', '\t');
  await fc.assert(
    fc.asyncProperty(words, fc.oneof(keys, fc.string({ maxLength: 40 })), async (word, key) => {
      const { status } = await send(http.port, tkiRequest({}, { authorization: word + key }));
      const given = (word + key).trim().replace(/^bearer\s+/i, '');
      expect(status).toBe(given === 'golden-api-key' ? 200 : given === '' ? 401 : 403);
    }),
    { numRuns: 300, seed: 3 },
  );
  expect(errors).toEqual([]);
  const attempts = await storage.attempts(worldGuildId, {}, { limit: 1_000, beforeId: null });
  expect(new Set(attempts.map(({ result }) => result))).toEqual(new Set(['granted']));
});

test('no header but Authorization changes an answer, and what is kept of one is bounded', async () => {
  const { http, storage } = await start({ config: { guard: { failures: 0 }, http: { trustedProxies: [] } } });
  const granted = await send(http.port, tkiRequest());
  const names = fc.constantFrom(
    'user-agent',
    'content-type',
    'accept',
    'accept-language',
    'cookie',
    'x-api-key',
    'x-http-method-override',
    'x-original-url',
    'x-forwarded-host',
    'forwarded',
    'x-forwarded-for',
    'cf-ipcountry',
    'if-none-match',
    'range',
    '__proto__',
    'constructor',
  );
  const texts = fc.oneof(
    fc.constantFrom('{"$ne":null}', 'DELETE', '/metrics', 'application/x-www-form-urlencoded', '\u00ff'.repeat(1_100)),
    fc.string({ maxLength: 60 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(names, texts, { noNullPrototype: true }), async (headers) => {
      const { status, body } = await send(http.port, tkiRequest({}, headers));
      expect({ status, body }).toEqual({ status: 200, body: granted.body });
    }),
    { numRuns: 150, seed: 4 },
  );
  const attempts = await storage.attempts(worldGuildId, {}, { limit: 1_000, beforeId: null });
  expect(Math.max(...attempts.map(({ userAgent }) => userAgent?.length ?? 0))).toBe(1024);
  expect(new Set(attempts.map(({ observedIp }) => observedIp))).toEqual(new Set(['127.0.0.1']));
  expect(new Set(attempts.map(({ country }) => country))).toEqual(new Set([null]));
});
