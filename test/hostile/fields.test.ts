import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Protocol } from '../../src/domain/attempt.ts';
import { createProtocols } from '../../src/http/protocols/protocols.ts';
import { send } from '../wire/support/send.ts';
import { startWire, type Wire, type WireOptions } from '../wire/support/start-wire.ts';
import { watched } from '../wire/support/stores-watched.ts';
import { embeddedStore } from '../wire/support/stores.ts';
import { tkiRequest } from '../wire/support/tki-request.ts';
import { worldGuildId } from '../wire/support/world.ts';
import { noContext } from '../support/protocol-context.ts';
import { faxstore } from './spoken/faxstore.ts';
import { licensegate } from './spoken/licensegate.ts';
import { lukittu } from './spoken/lukittu.ts';
import { goldenKey, type Spoken } from './spoken/spoken.ts';
import { sunlicense } from './spoken/sunlicense.ts';
import { tki } from './spoken/tki.ts';

const store = embeddedStore;

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

async function start(options: Partial<WireOptions> = {}): Promise<Wire> {
  wire = await startWire({ store, config: { guard: { failures: 0 } }, ...options });
  return wire;
}

const spoken: Readonly<Partial<Record<Protocol, Spoken>>> = { tki, faxstore, sunlicense, lukittu, licensegate };

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

describe.each(Object.entries(spoken))('%s', (_name, { fields, required, request, judge, isRefusal }) => {
  test.each(Object.keys(fields))('whatever stands in `%s` is answered as the page says', async (field) => {
    const spied = watched(store);
    const { http, errors } = await start({ store: spied });
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const answer = await send(http.port, request({ [field]: value }));
        // What JSON cannot say is another value for the server: 1e400 is null there, undefined is not there at all.
        const sent = value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
        const { refusal, asked } = judge(field, sent);
        if (refusal) expect(answer).toMatchObject(refusal);
        expect(fields[field]!(spied.requests.at(-1)!)).toEqual(asked);
      }),
      { numRuns: 150, seed: 1, examples: [[{ $ne: null }], [[goldenKey]], [undefined], ['x'.repeat(1025)]] },
    );
    expect(errors).toEqual([]);
  });

  test('several wrong fields at once bind nothing and are granted nothing', async () => {
    const { http, storage } = await start();
    const [license] = await storage.licenses(worldGuildId, {}, { limit: 1, beforeId: null });
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...required), operators, { minKeys: 1 }),
        fc.dictionary(fc.constantFrom(...Object.keys(fields)), operators),
        async (wrong, more) => {
          expect(isRefusal(await send(http.port, request({ ...more, ...wrong })))).toBe(true);
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
