import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { send, sendRaw } from '../wire/support/send.ts';
import { startWire, type Wire } from '../wire/support/start-wire.ts';
import { embeddedStore } from '../wire/support/stores.ts';
import { tkiBytes, tkiRequest } from '../wire/support/tki-request.ts';
import { worldGuildId } from '../wire/support/world.ts';

let wire: Wire;
beforeEach(async () => {
  wire = await startWire({ store: embeddedStore, config: { guard: { failures: 0 } } });
});
afterEach(async () => {
  await wire.stop();
});

const golden = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';
const notFound = '{"message":"License not found","status_overview":"failed"}';
const grantsStored = async () =>
  (await wire.storage.attempts(worldGuildId, { result: 'granted' }, { limit: 100, beforeId: null })).length;

// All that stores, locales and URL decoders have been known to take for the same text.
test.each([
  ['Cyrillic O', golden.replace('O', '\u041e')],
  ['Greek Omicron', golden.replace('O', '\u039f')],
  ['full-width letters', golden.replaceAll('G', '\uff27')],
  ['a combining accent', golden.replace('O', 'O\u0301')],
  ['a non-breaking hyphen', golden.replaceAll('-', '\u2011')],
  ['a variation selector', `${golden}\ufe0f`],
  ['a mathematical digit', golden.replace('1', '\u{1d7cf}')],
  ['a backspace', `${golden}X\b`],
  ['an inner line break', golden.replace('-', '-\n')],
  ['an inner tab', golden.replace('-', '\t-')],
  ['no hyphens', golden.replaceAll('-', '')],
  ['blanks for hyphens', golden.replaceAll('-', ' ')],
  ['lower case', golden.toLowerCase()],
  ['one letter less', golden.slice(0, -1)],
  ['one letter more', `${golden}5`],
  ['itself twice', `${golden}${golden}`],
  ['a list of keys', `OTHER,${golden}`],
  ['quotes', `"${golden}"`],
  ['backticks', `\`${golden}\``],
  ['percent-encoding', golden.replaceAll('-', '%2D')],
  ['%00 at its end', `${golden}%00`],
  ['%2F before it', `%2F${golden}`],
  ['a bad escape', `${golden}%zz`],
  ['an overlong escape', golden.replaceAll('-', '%c0%ad')],
  ['a path', `../${golden}`],
  ['an HTML entity', golden.replaceAll('-', '&#45;')],
  ['a pattern', 'GOLD1%'],
  ['a pattern for every letter', '_'.repeat(golden.length)],
  ['a glob', 'GOLD1*'],
  ['its id', '2'],
  ['its last group', 'GOLD5'],
  ['an id with its word', `key:${golden}`],
])('the key with %s is another key', async (_what, licensekey) => {
  const answer = await send(wire.http.port, tkiRequest({ licensekey }));
  expect(answer).toMatchObject({ status: 404, body: notFound });
  expect(await grantsStored()).toBe(0);
});

test.each([
  ['a NUL', `${golden}\0`],
  ['a lone surrogate', `${golden}\ud800`],
  ['10 kB', golden.repeat(350)],
])('the key with %s is refused, and cut to no other', async (_what, licensekey) => {
  const answer = await send(wire.http.port, tkiRequest({ licensekey }));
  expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('Invalid field: data.licensekey') });
  expect(await grantsStored()).toBe(0);
});

test('a field that comes twice is its last one, in what is checked and in what is stored', async () => {
  const body = JSON.stringify(tkiRequest().body).replace('"licensekey"', '"licensekey":"WRONG-WRONG","licensekey"');
  const { headers } = tkiRequest();
  const answer = await send(wire.http.port, { path: '/api/license/auth', headers: headers!, bodyText: body });
  expect(answer).toMatchObject({ status: 200 });
  const [attempt] = await wire.storage.attempts(worldGuildId, {}, { limit: 1, beforeId: null });
  expect(attempt).toMatchObject({ keySuffix: 'GOLD5', result: 'granted' });
});

const closing = (bytes: string, line = '') => bytes.replace('host: x', `host: x\r\nconnection: close${line}`);

test('of two Authorization headers the first alone counts, and no two become one', async () => {
  const wrongFirst = closing(tkiBytes()).replace('authorization:', 'authorization: wrong\r\nauthorization:');
  expect(await sendRaw(wire.http.port, wrongFirst)).toMatch(/^HTTP\/1\.1 403 /);
  const split = closing(tkiBytes()).replace(': golden-api-key', ': golden-\r\nauthorization: api-key');
  expect(await sendRaw(wire.http.port, split)).toMatch(/^HTTP\/1\.1 403 /);
  const empty = closing(tkiBytes()).replace('authorization:', 'authorization:\r\nauthorization:');
  expect(await sendRaw(wire.http.port, empty)).toMatch(/^HTTP\/1\.1 401 /);
  expect(await grantsStored()).toBe(0);
});

test('what a query says counts for nothing, once or twice', async () => {
  const query = `licensekey=${golden}&licensekey=${golden}&authorization=golden-api-key&data[licensekey]=${golden}&__proto__[a]=1&%zz=%`;
  const request = { ...tkiRequest({ licensekey: 'WRONG-WRONG' }), path: `/api/license/auth?${query}` };
  expect(await send(wire.http.port, request)).toMatchObject({ status: 404, body: notFound });
  const { headers: _none, ...unauthorized } = request;
  expect(await send(wire.http.port, unauthorized)).toMatchObject({ status: 401 });
});

test.each([
  '/api/license/auth%00',
  '/api/license/auth%2F',
  '/api%2Flicense/auth',
  '/api/license/auth/..',
  '/api/license/../license/auth',
  '/api/license/./auth',
  '/api//license/auth',
  '/api/license/auth;a=b',
  '/api/license/auth\\',
  '/api/license/auth%',
  '/api/license/%c0%afauth',
  '/api/license/auth.json',
  '/api/license/\u0430uth',
])('%j is no way to the check', async (path) => {
  const bytes = closing(tkiBytes()).replace('/api/license/auth', path);
  expect(await sendRaw(wire.http.port, bytes)).toMatch(/^HTTP\/1\.1 (404|400) [^]*(\{"error":"not_found"\}|\r\n\r\n)$/);
  expect(await grantsStored()).toBe(0);
});
