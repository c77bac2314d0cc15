import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { isServerAnswering } from '../../src/cli/framework/server-url.ts';
import { configOf } from '../support/command-line.ts';

const pem = (name: string) => join(import.meta.dirname, '../support/tls', name);
const tls = { LATCHKEY_HTTP_TLS_CERT: pem('first.cert.pem'), LATCHKEY_HTTP_TLS_KEY: pem('first.key.pem') };

let server: Server | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

/** Listens, and answers how a server with this configuration would find itself. */
async function listenWith(made: Server, env: Readonly<Record<string, string>> = {}): Promise<boolean> {
  server = made.listen(0, '127.0.0.1');
  await new Promise((resolve) => made.once('listening', resolve));
  const { port } = made.address() as AddressInfo;
  const publicUrl = 'https://license.example.com';
  const own = { LATCHKEY_HTTP_PORT: String(port), LATCHKEY_HTTP_PUBLIC_URL: publicUrl, ...env };
  return isServerAnswering(configOf(own));
}

test('a server on this machine is found where it listens, over TLS also if its certificate has another name', async () => {
  const certificate = { cert: readFileSync(tls.LATCHKEY_HTTP_TLS_CERT), key: readFileSync(tls.LATCHKEY_HTTP_TLS_KEY) };
  expect(await listenWith(createServer((_, response) => response.end()))).toBe(true);
  await server?.[Symbol.asyncDispose]();
  expect(
    await listenWith(
      createTlsServer(certificate, (_, response) => response.end()),
      tls,
    ),
  ).toBe(true);
});

test('another server, or none, does not count as answering', async () => {
  const asked: (string | undefined)[] = [];
  const other = createServer(({ url }, response) => {
    asked.push(url);
    response.writeHead(404).end();
  });
  expect(await listenWith(other)).toBe(false);
  expect(asked).toEqual(['/healthz']);
  expect(await isServerAnswering(configOf({ LATCHKEY_HTTP_PORT: '1' }))).toBe(false);
  expect(await isServerAnswering(configOf({ LATCHKEY_HTTP_PORT: '0' }))).toBe(false);
});
