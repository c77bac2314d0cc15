import { expect, test } from '@jest/globals';
import { configOf, useCommandLine } from '../support/command-line.ts';

const commandLine = useCommandLine();

interface QuickstartAnswer {
  readonly guild: { readonly id: string };
  readonly product: { readonly name: string };
  readonly license: { readonly id: number; readonly key: string };
  readonly apiKey: { readonly id: number; readonly secret: string };
  readonly curl: string;
}

test('creates guild, product, license and API key, and prints a curl line for them', async () => {
  const made = await commandLine().json<QuickstartAnswer>('quickstart');
  expect(Object.keys(made)).toEqual(['guild', 'product', 'license', 'apiKey', 'curl']);
  expect(Object.keys(made.apiKey)).toEqual(['id', 'name', 'scopes', 'secret']);
  const body = `{"data":{"product":"Quickstart","version":"1.0.0","licensekey":"${made.license.key}","ip":"203.0.113.5","hwid":"quickstart"}}`;
  expect(made.curl).toBe(
    `curl -sS -X POST http://127.0.0.1:3000/api/license/auth -H 'Authorization: ${made.apiKey.secret}' -H 'Content-Type: application/json' -d '${body}'`,
  );
});

test('repeated, it prints the same and a new API key, which replaces the last one', async () => {
  const line = commandLine();
  const first = await line.json<QuickstartAnswer>('quickstart');
  const second = await line.json<QuickstartAnswer>('quickstart');
  expect({ ...second, apiKey: null, curl: null }).toEqual({ ...first, apiKey: null, curl: null });
  expect(second.apiKey.secret).not.toBe(first.apiKey.secret);
  expect(await line.json('apikey', 'list')).toMatchObject({
    apiKeys: expect.arrayContaining([
      expect.objectContaining({ id: first.apiKey.id, revokedAt: '2026-03-01T12:00:00.000Z' }),
      expect.objectContaining({ id: second.apiKey.id, revokedAt: null }),
    ]),
  });
});

test('without --json the curl line is a line of its own, with the expected answer and whether to start the server', async () => {
  const stopped = await commandLine().run('quickstart');
  expect(stopped.out).toMatch(/^curl -sS .*$/m);
  expect(stopped.out).toContain('The answer begins with {"status_msg":"Successful Authentication!"');
  expect(stopped.out).toContain('npm start');
  const running = await commandLine({ isServerRunning: () => Promise.resolve(true) }).run('quickstart');
  expect(running.out).not.toContain('npm start');
});

test.each([
  [{ LATCHKEY_HTTP_HOST: '0.0.0.0', LATCHKEY_HTTP_PORT: '8080' }, 'http://127.0.0.1:8080/'],
  [{ LATCHKEY_HTTP_HOST: '::' }, "'http://[::1]:3000/"],
  [{ LATCHKEY_HTTP_HOST: '::1' }, "'http://[::1]:3000/"],
  [{ LATCHKEY_HTTP_PUBLIC_URL: 'https://license.example.com/base' }, 'https://license.example.com/base/'],
  [{ LATCHKEY_HTTP_TLS_CERT: 'c', LATCHKEY_HTTP_TLS_KEY: 'k' }, '-k -X POST https://127.0.0.1:3000/'],
])('with %j the curl line asks %s', async (env, expected) => {
  const { curl } = await commandLine({ config: configOf(env) }).json<QuickstartAnswer>('quickstart');
  expect(curl).toContain(` ${expected}`);
});

test('for a port that the server chose, its note in the store is used', async () => {
  const line = commandLine({ config: configOf({ LATCHKEY_HTTP_PORT: '0' }) });
  expect(await line.failure('quickstart')).toEqual([1, 'address-unknown']);
  await line.storage.setNote('http.address', 'http://127.0.0.1:45678', null);
  const { curl } = await line.json<QuickstartAnswer>('quickstart');
  expect(curl).toContain(' http://127.0.0.1:45678/api/license/auth ');
});

test('on Windows the curl line is quoted for cmd', async () => {
  const { curl } = await commandLine({ platform: 'win32' }).json<QuickstartAnswer>('quickstart');
  expect(curl).toContain('-d "{\\"data\\":{\\"product\\":\\"Quickstart\\"');
  expect(curl).not.toContain("'");
});

test('warns on stderr where the license was suspended meanwhile', async () => {
  const line = commandLine();
  await line.json('quickstart');
  await line.json('license', 'suspend', '1');
  const { exitCode, err } = await line.run('quickstart', '--json');
  expect([exitCode, err]).toEqual([0, 'License 1 is suspended, so its check will be denied.\n']);
});
