import { describe, expect, test } from '@jest/globals';
import { type LicenseJson, minimal, useAdmin } from './support/admin.ts';
import { sendRaw } from './support/send.ts';
import { embeddedStore } from './support/stores.ts';
import { worldGuildId } from './support/world.ts';

const openAdmin = useAdmin();

const open = () => openAdmin(embeddedStore);
const message = (text: string) => ({ message: text });
const integer = message('invalid integer number');
const string = message('invalid string value');
const date = message('invalid ISO 8601 datetime format, i.e. YYYY-MM-DDTHH:mm:ss');
const interval = message("should be one of the following; ['TEN_SECONDS','MINUTE','HOUR','DAY']");
const hostile: readonly unknown[] = [
  { $ne: null },
  { toString: 1 },
  [],
  ['x'],
  [1],
  {},
  '\ud800',
  'a\0b',
  NaN,
  1e300,
  -1,
];

describe('a body', () => {
  test('that lacks what is required is told so, each field by itself', async () => {
    const { ask } = await open();
    expect(await ask('POST', '', {})).toMatchObject({
      status: 422,
      body:
        '{"error":"invalid-schema","details":{"requestBody.active":{"message":"\'active\' is required"},' +
        '"requestBody.name":{"message":"\'name\' is required"},"requestBody.notes":{"message":"\'notes\' is required"}}}',
    });
    expect((await ask('POST', '', { active: null, name: null, notes: null })).status).toBe(422);
  });

  test.each([
    ['active', 'yes', message('invalid boolean value')],
    ['active', 2, message('invalid boolean value')],
    ['name', 5, string],
    ['name', 'x'.repeat(101), message('maxLength 100')],
    ['notes', 'x'.repeat(1001), message('maxLength 1000')],
    ['licenseKey', '', message('minLength 1')],
    ['licenseKey', '  ', message('minLength 1')],
    ['licenseKey', 'k'.repeat(101), message('maxLength 100')],
    ['licenseKey', 'a\nb', string],
    ['ipLimit', 'many', integer],
    ['ipLimit', 1.5, integer],
    ['ipLimit', true, integer],
    ['ipLimit', -1, message('min 0')],
    ['ipLimit', 1001, message('max 1000')],
    ['licenseScope', 1, string],
    ['licenseScope', 'x'.repeat(1001), message('maxLength 1000')],
    ['expirationDate', 'tomorrow', date],
    ['expirationDate', '2031-02-30', date],
    ['expirationDate', '03/04/2031', date],
    ['expirationDate', 1_900_000_000, date],
    ['validationPoints', -1, message('min 0')],
    ['validationLimit', 2e9, message('max 1000000000')],
    ['replenishAmount', [], integer],
    ['replenishInterval', 'WEEK', interval],
    ['replenishInterval', 'minute', interval],
    ['replenishInterval', '__proto__', interval],
  ])('with %s %j is refused in making and changing alike, and changes nothing', async (field, value, error) => {
    const { ask, json, storage } = await open();
    const { id } = await json('POST', '', minimal);
    const before = await storage.license(worldGuildId, { id });
    const details = { [`requestBody.${field}`]: error };
    const body = JSON.stringify({ error: 'invalid-schema', details });
    expect(await ask('POST', '', { ...minimal, [field]: value })).toMatchObject({ status: 422, body });
    expect(await ask('PATCH', `/${id}`, { name: 'x', [field]: value })).toMatchObject({ status: 422, body });
    expect(await storage.license(worldGuildId, { id })).toEqual(before);
    expect(await storage.countLicensesBy(worldGuildId, {})).toBe(2);
  });

  test.each(
    Object.keys({
      ...minimal,
      licenseKey: 0,
      ipLimit: 0,
      licenseScope: 0,
      expirationDate: 0,
      validationPoints: 0,
      validationLimit: 0,
      replenishAmount: 0,
      replenishInterval: 0,
    }),
  )('with anything hostile in %s is refused or harmless', async (field) => {
    const { ask, errors } = await open();
    for (const value of hostile) {
      const { status, body } = await ask('POST', '', { ...minimal, [field]: value });
      // NaN and 1e300 are null and a number in JSON.
      expect([201, 422]).toContain(status);
      if (value !== null && typeof value === 'object') expect(status).toBe(422);
      expect(Object.keys(JSON.parse(body) as object)).toContain(status === 201 ? 'id' : 'details');
    }
    expect(errors).toEqual([]);
  });

  test('is understood as programs write it: numbers as texts, booleans as words or digits, unknown fields', async () => {
    const { json } = await open();
    const numbers = { ipLimit: '3', validationPoints: '4', validationLimit: 5.0, replenishAmount: ' 6 ' };
    const made = await json('POST', '', {
      ...minimal,
      ...numbers,
      active: 'true',
      id: 99,
      userId: 1,
      constructor: 'x',
    });
    expect(made).toMatchObject({
      ipLimit: 3,
      validationPoints: 4,
      validationLimit: 5,
      replenishAmount: 6,
      active: true,
    });
    expect(made.id).not.toBe(99);
    expect(await json('PATCH', `/${made.id}`, { active: '0' })).toMatchObject({ active: false });
    expect(await json('PATCH', `/${made.id}`, { active: 1 })).toMatchObject({ active: true });
  });

  test('may have null for everything that may be left out', async () => {
    const { json } = await open();
    const optional = ['ipLimit', 'licenseScope', 'expirationDate', 'validationPoints', 'validationLimit'];
    const others = ['replenishAmount', 'replenishInterval', 'licenseKey'];
    const nothing = Object.fromEntries([...optional, ...others].map((name) => [name, null]));
    const { licenseKey: _, ...expected } = nothing;
    const made = await json('POST', '', { ...minimal, ...nothing });
    expect(made).toMatchObject(expected);
    expect(made.licenseKey).toHaveLength(36);
  });

  test.each([
    ['2031-01-31', '2031-01-31T00:00:00.000Z'],
    ['2031-01-31T10:20:30', '2031-01-31T10:20:30.000Z'],
    ['2031-01-31T10:20:30.5Z', '2031-01-31T10:20:30.500Z'],
    ['2031-01-31T10:20:30+02:00', '2031-01-31T08:20:30.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['9999-12-31', '9999-12-31T00:00:00.000Z'],
  ])('may name the end %s', async (expirationDate, expected) => {
    const { json } = await open();
    expect(await json('POST', '', { ...minimal, expirationDate })).toMatchObject({ expirationDate: expected });
  });

  test('may be a form, have a mark of byte order or a strange content type', async () => {
    const { ask } = await open();
    const form = {
      bodyText: 'active=true&name=Jane&notes=&ipLimit=2',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    };
    const made = await ask('POST', '', undefined, form);
    expect([made.status, (JSON.parse(made.body) as { ipLimit: number }).ipLimit]).toEqual([201, 2]);
    const text = `\ufeff${JSON.stringify(minimal)}`;
    expect(
      (await ask('POST', '', undefined, { bodyText: text, headers: { 'Content-Type': 'text/plain' } })).status,
    ).toBe(201);
  });

  test.each(['{', '[1]', '"x"', '1', '{"active":true,}', '\u0000'])('that is %j is refused', async (bodyText) => {
    const { ask } = await open();
    const body = '{"error":"invalid-schema","details":{"requestBody":{"message":"invalid object"}}}';
    expect(await ask('POST', '', undefined, { bodyText })).toMatchObject({ status: 422, body });
  });

  test('that is too large is refused', async () => {
    const { ask } = await open();
    expect((await ask('POST', '', { ...minimal, notes: 'x'.repeat(70_000) })).status).toBe(422);
  });

  test('is not waited for where the API key is wrong', async () => {
    const { http } = await open();
    const head = 'POST /admin/licenses HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n';
    expect(await sendRaw(http.port, head)).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('a path or query', () => {
  test.each([
    ['/abc', { id: integer }],
    ['/1.5', { id: integer }],
    ['/%zz', { id: integer }],
    ['/-1', { id: message('min 0') }],
    ['/key/%zz', { licenseKey: string }],
    ['?take=1001', { take: message('max 1000') }],
    ['?take=-1', { take: message('min 0') }],
    ['?take=x&skip=y', { take: integer, skip: integer }],
    ['?take=1&take=2', { take: integer }],
    [
      '?filterStatus=expired',
      { filterStatus: message("should be one of the following; ['active','disabled/expired']") },
    ],
    ['?includeLogs=perhaps', { includeLogs: message('invalid boolean value') }],
    ['?take=%zz', { query: message('invalid percent-encoding') }],
  ])('%s is refused', async (path, details) => {
    const { ask } = await open();
    expect(await ask('GET', path)).toMatchObject({
      status: 422,
      body: JSON.stringify({ error: 'invalid-schema', details }),
    });
  });

  test.each(['/0', '/999999999999999', '/key/x', '/key/%00', '/key/..%2f1', '/key/gold1-gold2-gold3-gold4'])(
    '%s is not found',
    async (path) => {
      const { ask } = await open();
      expect((await ask('GET', path)).status).toBe(404);
    },
  );

  test.each([
    ['PUT', '', 'GET, POST, OPTIONS'],
    ['HEAD', '/1', 'GET, PATCH, DELETE, OPTIONS'],
    ['POST', '/key/x', 'GET, OPTIONS'],
  ])('%s %s is another method', async (method, path, allow) => {
    const { ask } = await open();
    const answer = await ask(method, path);
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
    if (method !== 'HEAD') expect(answer.body).toBe('{"error":"invalid-schema","details":{}}');
    expect(await ask('OPTIONS', path)).toMatchObject({ status: 204, body: '' });
  });
});

test('texts come back as they were given, however strange', async () => {
  const { json } = await open();
  const strange = { name: '@everyone <b>"x"', notes: 'a\r\nb\u202e', licenseScope: '$where', licenseKey: '../%2f?#é' };
  const made = await json<LicenseJson & object>('POST', '', { active: true, ...strange });
  expect(made).toMatchObject(strange);
  expect(await json('GET', `/key/${encodeURIComponent(strange.licenseKey)}`)).toEqual(made);
});
