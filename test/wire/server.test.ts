import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { openServer } from '../../src/http/server.ts';
import { send, sendRaw } from './support/send.ts';
import { startWire, type Wire, type WireOptions } from './support/start-wire.ts';
import { held } from './support/stores-watched.ts';
import { embeddedStore } from './support/stores.ts';
import { tkiBytes, tkiRequest } from './support/tki-request.ts';
import { worldGuildId } from './support/world.ts';

const store = embeddedStore;
const shortTimeouts = { headersMs: 100, requestMs: 400, keepAliveMs: 200, checkEveryMs: 20, bodyMs: 200 };

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

async function start(options: Partial<WireOptions> = {}): Promise<Wire> {
  wire = await startWire({ store, ...options });
  return wire;
}

const head = 'POST /api/license/auth HTTP/1.1\r\nHost: x\r\nAuthorization: golden-api-key\r\n';
const countOf = (text: string, part: string) => text.split(part).length - 1;

describe('an address that cannot be had', () => {
  const listen = (host: string, port: number) =>
    openServer({ host, port, routes: [], tls: null, onError: () => undefined });

  test('is refused in a sentence that names it and what to do', async () => {
    const { http } = await start();
    await expect(listen('127.0.0.1', http.port)).rejects.toThrow(
      `Cannot listen on 127.0.0.1, port ${http.port}: another program has that port. Stop it, or choose another port.`,
    );
    await expect(listen('192.0.2.1', 0)).rejects.toThrow('this machine does not have that address');
  });
});

describe('a client that does not behave', () => {
  test('is closed when it says nothing, half a head, or nothing more', async () => {
    const { http } = await start({ timeouts: shortTimeouts });
    const [silent, half, idle] = await Promise.all([
      sendRaw(http.port),
      sendRaw(http.port, 'POST /api/license/auth HTTP/1.1\r\nX-Slow: '),
      sendRaw(http.port, tkiBytes()),
    ]);
    expect(silent).toMatch(/^HTTP\/1\.1 408 /);
    expect(half).toMatch(/^HTTP\/1\.1 408 /);
    expect(idle).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('gets the system’s own answer when its body does not come', async () => {
    const { http } = await start({ timeouts: shortTimeouts });
    const answer = await sendRaw(http.port, `${head}Content-Length: 100\r\n\r\n{"data"`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('Connection: close');
    expect(answer).toMatch(/\{"message":"Missing required fields: .*","status_overview":"failed"\}$/);
  });

  test('gets the system’s own answer to an endless body', async () => {
    const { http } = await start();
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const answer = await sendRaw(
      http.port,
      `${head}Transfer-Encoding: chunked\r\n\r\n`,
      ...Array.from({ length: 20 }, () => chunk),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*"status_overview":"failed"\}$/);
  });

  test('is refused without a page where its head is too large or no HTTP', async () => {
    const { http } = await start();
    expect(await sendRaw(http.port, `${head}X-Large: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*\r\nConnection: close\r\n\r\n$/,
    );
    expect(await sendRaw(http.port, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*\r\nConnection: close\r\n\r\n$/);
  });

  test('leaves no attempt where it goes before its request was complete, and the server goes on', async () => {
    const { http, storage, errors } = await start();
    await new Promise<void>((resolve) => {
      const socket = connect(http.port, '127.0.0.1', () => {
        socket.write(`${head}Content-Length: 1000\r\n\r\n{"data":`, () => {
          socket.resetAndDestroy();
          resolve();
        });
      });
    });
    expect(await send(http.port, tkiRequest())).toMatchObject({ status: 200 });
    expect(await storage.attempts(worldGuildId, {}, { limit: 10, beforeId: null })).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  test('that hides the proxy’s header behind a thousand others is still seen', async () => {
    const { http } = await start({ world: { blacklist: [{ type: 'ip', value: '203.0.113.9' }] } });
    const many = Array.from({ length: 2_500 }, () => 'a:\r\n').join('');
    const body = JSON.stringify(tkiRequest().body);
    const rest = `${many}X-Forwarded-For: 203.0.113.9\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    expect(await sendRaw(http.port, head + rest)).toContain('Your IP is blacklisted!');
  });
});

describe('a connection that is kept', () => {
  test('answers pipelined requests in their order', async () => {
    const { http } = await start();
    const answer = await sendRaw(
      http.port,
      tkiBytes({ licensekey: 'FIRST' }) +
        tkiBytes() +
        tkiBytes({ product: 'Third' }).replace('host: x', 'host: x\r\nconnection: close'),
    );
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200', 'HTTP/1.1 404']);
    expect(answer.indexOf('License not found')).toBeLessThan(answer.indexOf('Successful'));
    expect(answer.indexOf('Successful')).toBeLessThan(answer.indexOf('Product not found'));
  });

  test('survives a rejection that came before the body was read', async () => {
    const { http } = await start({ config: { rateLimit: { tki: 1 } } });
    const last = tkiBytes().replace('host: x', 'host: x\r\nconnection: close');
    const answer = await sendRaw(http.port, tkiBytes() + tkiBytes() + last);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 429', 'HTTP/1.1 429']);
    expect(countOf(answer, 'Connection: close')).toBe(1);
  });
});

describe('stopping', () => {
  test('answers what was accepted, closes idle and silent connections, and accepts no more', async () => {
    const slow = held(store);
    const { http } = await start({ store: slow });
    const silent = sendRaw(http.port);
    const answer = sendRaw(http.port, tkiBytes());
    await slow.arrived;
    const stopped = http.stop();
    expect(await silent).toBe('');
    await expect(send(http.port, tkiRequest())).rejects.toThrow(/ECONNREFUSED/);
    slow.release();
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close/);
    await stopped;
  });

  test('waits no longer than it may', async () => {
    const slow = held(store);
    const { http } = await start({ store: slow, timeouts: { graceMs: 50 } });
    const answer = sendRaw(http.port, tkiBytes());
    await slow.arrived;
    await http.stop();
    expect(await answer).toBe('');
    slow.release();
  });
});

test('a store that never answers is answered for', async () => {
  const slow = held(store);
  const { http } = await start({ store: slow, timeouts: {} });
  const answer = await send(http.port, tkiRequest());
  expect(answer).toMatchObject({ status: 500, body: '{"message":"Internal server error","status_overview":"failed"}' });
  slow.release();
});

test('a check that fails unexpectedly gets the system’s own failure, and the log the reason', async () => {
  const failing = {
    ...store,
    open: async (clock: () => Date) => ({
      ...(await store.open(clock)),
      decide: () => Promise.reject(new Error('boom')),
    }),
  };
  const { http, errors } = await start({ store: failing });
  const answer = await send(http.port, tkiRequest());
  expect(answer).toMatchObject({ status: 500, body: '{"message":"Internal server error","status_overview":"failed"}' });
  expect(errors).toEqual([{ error: new Error('boom') }]);
});

describe('over TLS', () => {
  const fixtures = join(import.meta.dirname, '..', 'support', 'tls');
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-tls-'));
  const files = { tlsCert: join(dir, 'cert.pem'), tlsKey: join(dir, 'key.pem') };
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  const use = (name: 'first' | 'second') => {
    copyFileSync(join(fixtures, `${name}.cert.pem`), files.tlsCert);
    copyFileSync(join(fixtures, `${name}.key.pem`), files.tlsKey);
  };
  /** The cipher suite that both sides agree on, or the code of the error where there is none. */
  const handshake = (port: number, offer: ConnectionOptions) =>
    new Promise<string>((resolve) => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...offer }, () => {
        resolve(socket.getCipher().name);
        socket.destroy();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? '');
      });
    });
  /** The name in the certificate, and the answer to one check. */
  const check = (port: number) =>
    new Promise<{ name: unknown; answer: string }>((resolve, reject) => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        const name = socket.getPeerCertificate().subject.CN;
        let answer = '';
        socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
        socket.on('close', () => {
          resolve({ name, answer });
        });
        socket.write(tkiBytes().replace('host: x', 'host: x\r\nconnection: close'));
      });
      socket.on('error', reject);
    });

  test('a renewed certificate is taken without a restart, and a broken one is refused and changes nothing', async () => {
    use('first');
    const { http } = await start({ config: { http: files } });
    expect(http.url).toMatch(/^https:/);
    const first = await check(http.port);
    expect(first.name).toBe('first.example');
    expect(first.answer).toMatch(/^HTTP\/1\.1 200 /);

    use('second');
    expect(http.reloadTls()).toBe(true);
    expect((await check(http.port)).name).toBe('second.example');

    writeFileSync(files.tlsCert, 'half a certif');
    expect(() => {
      http.reloadTls();
    }).toThrow();
    expect((await check(http.port)).name).toBe('second.example');
  });

  test('keys are agreed on with ECDHE only, also with a certificate that was read again', async () => {
    use('first');
    const { http } = await start({ config: { http: files } });
    const refused = /ALERT_HANDSHAKE_FAILURE$/;
    const offers: readonly (readonly [offer: ConnectionOptions, suite: RegExp])[] = [
      [{}, /^TLS_/],
      [{ maxVersion: 'TLSv1.2' }, /^ECDHE-/],
      [{ maxVersion: 'TLSv1.2', ciphers: 'ECDHE+AES:!AESGCM' }, /^ECDHE-/],
      [{ maxVersion: 'TLSv1.2', ciphers: 'kRSA' }, refused],
      [{ maxVersion: 'TLSv1.2', ciphers: 'DHE' }, refused],
      [{ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }, /ALERT_PROTOCOL_VERSION$/],
    ];
    for (const isReloaded of [false, true]) {
      if (isReloaded) http.reloadTls();
      for (const [offer, suite] of offers) expect(await handshake(http.port, offer)).toMatch(suite);
    }
  });

  test('where there is no certificate, none is said to be read again', async () => {
    const { http } = await start();
    expect(http.reloadTls()).toBe(false);
  });
});
