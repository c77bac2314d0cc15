import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { publicKeyFor } from '../../src/domain/guild.ts';
import { publicKeyForms } from '../../src/domain/values/public-key.ts';
import { createSignChallenge } from '../../src/services/sign-challenge.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';
import { send } from './support/send.ts';
import { startWire, type Wire } from './support/start-wire.ts';
import { embeddedStore, type WireStore } from './support/stores.ts';
import { worldGuildId } from './support/world.ts';

// OpenSSL judges here, which shares nothing with what signs.

const folderOf = useTemporaryFolders();
const key = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

async function start(store: WireStore = embeddedStore): Promise<Wire> {
  wire = await startWire({ store });
  return wire;
}

/** How each route is asked, and the bytes of the signature that it answers. */
const routes = {
  'Lukittu verify': async ({ http }: Wire, challenge: string) => lukittu(http.port, 'verify', challenge),
  'Lukittu heartbeat': async ({ http }: Wire, challenge: string) => lukittu(http.port, 'heartbeat', challenge),
  'LicenseGate GET': async ({ http }: Wire, challenge: string) => {
    const path = `/license/abcde/${key}/verify?challenge=${encodeURIComponent(challenge)}`;
    return base64In((await send(http.port, { method: 'GET', path })).body);
  },
  'LicenseGate POST': async ({ http }: Wire, challenge: string) =>
    base64In((await send(http.port, { path: `/license/abcde/${key}/verify`, body: { challenge } })).body),
};

async function lukittu(port: number, route: string, challenge: string): Promise<Buffer> {
  const body = { licenseKey: key, hardwareIdentifier: 'HARDWARE-0001', challenge };
  const path = `/api/v1/client/teams/11111111-2222-4333-8444-555555555555/verification/${route}`;
  const hex = /"challengeResponse":"([0-9a-f]{512})"\}\}$/.exec((await send(port, { path, body })).body)![1]!;
  return Buffer.from(hex, 'hex');
}

function base64In(body: string): Buffer {
  const base64 = /^\{"valid":true,"result":"VALID","signedChallenge":"([A-Za-z0-9+/]{342}==)"\}$/.exec(body)![1]!;
  return Buffer.from(base64, 'base64');
}

/** What a client does with each form of the public key before it has one. */
const forms: Readonly<Record<string, (publicKey: string) => string>> = {
  'the PEM': (publicKey) => publicKeyForms(publicKey).pem,
  'the PEM on one line': (publicKey) => {
    const { oneLine } = publicKeyForms(publicKey);
    expect(oneLine).not.toMatch(/\s\s|\n/);
    const der = Buffer.from(oneLine.replace(/-----[A-Z ]+-----/g, ''), 'base64');
    return execFileSync('openssl', ['pkey', '-pubin', '-inform', 'DER'], { input: der, encoding: 'utf8' });
  },
  'the base64 of the PEM': (publicKey) => Buffer.from(publicKeyForms(publicKey).base64, 'base64').toString(),
};

function isVerified(pem: string, signature: Buffer, text: string): boolean {
  const folder = folderOf();
  const [pemFile, signatureFile] = ['key.pem', 'signature'].map((name) => join(folder, name)) as [string, string];
  writeFileSync(pemFile, pem);
  writeFileSync(signatureFile, signature);
  const { stdout } = spawnSync('openssl', ['dgst', '-sha256', '-verify', pemFile, '-signature', signatureFile], {
    input: text,
    encoding: 'utf8',
  });
  return stdout.trim() === 'Verified OK';
}

describe.each(Object.entries(routes))('what %s signs', (_route, ask) => {
  test.each(Object.entries(forms))('verifies with %s', async (_form, read) => {
    const running = await start();
    const { guild } = (await running.storage.bundle(worldGuildId))!;
    const pem = read(guild.publicKey);
    for (const challenge of ['0123456789', 'prüfung-\u2713-\u{1f600}', '<script>&"\'\\{$ne}']) {
      const signature = await ask(running, challenge);
      expect(isVerified(pem, signature, challenge)).toBe(true);
      expect(isVerified(pem, signature, `${challenge} `)).toBe(false);
    }
  });
});

test('both systems sign alike, and the same challenge always alike', async () => {
  const running = await start();
  const signatures = new Set<string>();
  for (const ask of [...Object.values(routes), ...Object.values(routes)]) {
    signatures.add((await ask(running, '0123456789')).toString('hex'));
  }
  expect(signatures.size).toBe(1);
});

test('a system with a key pair of its own signs with that, and the other with the common one', async () => {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  wire = await startWire({ store: embeddedStore, world: { systemKeys: { licensegate: pair } } });
  const { guild } = (await wire.storage.bundle(worldGuildId))!;
  const challenge = '0123456789';
  for (const [route, ask] of Object.entries(routes)) {
    const signature = await ask(wire, challenge);
    const [right, wrong] = route.startsWith('LicenseGate')
      ? [pair.publicKey, guild.publicKey]
      : [guild.publicKey, pair.publicKey];
    expect(publicKeyFor(guild, route.startsWith('LicenseGate') ? 'licensegate' : 'lukittu')).toBe(right);
    expect([isVerified(right, signature, challenge), isVerified(wrong, signature, challenge)]).toEqual([true, false]);
  }
});

test('a key that cannot be read is answered in each system’s own words, and is read again by the next check', async () => {
  const state = { isDown: true };
  const { http, errors } = await start({
    ...embeddedStore,
    open: async (clock) => {
      const storage: Storage = await embeddedStore.open(clock);
      const fail = () => Promise.reject(new Error('The store is down.'));
      return { ...storage, challengeKey: (id) => (state.isDown ? fail() : storage.challengeKey(id)) };
    },
  });
  const path = '/api/v1/client/teams/11111111-2222-4333-8444-555555555555/verification/verify';
  const asks = [
    { path, body: { licenseKey: key, challenge: '0123456789' } },
    { path: `/license/abcde/${key}/verify`, body: { challenge: '0123456789' } },
  ];
  const internal = {
    timestamp: '2030-06-15T12:00:00.000Z',
    valid: false,
    details: 'Internal server error',
    code: 'INTERNAL_SERVER_ERROR',
  };
  expect(await send(http.port, asks[0]!)).toMatchObject({
    status: 500,
    body: JSON.stringify({ data: null, result: internal }),
  });
  expect(await send(http.port, asks[1]!)).toMatchObject({
    status: 500,
    body: '{"valid":false,"error":"INTERNAL_SERVER_ERROR"}',
  });
  expect(errors).toHaveLength(2);
  state.isDown = false;
  for (const ask of asks) expect(await send(http.port, ask)).toMatchObject({ status: 200 });
});

test('a challenge key that the store does not give in time costs the answer, and no client waits longer than the deadline', async () => {
  const store: WireStore = {
    ...embeddedStore,
    open: async (clock) => ({
      ...(await embeddedStore.open(clock)),
      challengeKey: () => new Promise<never>(() => undefined),
    }),
  };
  wire = await startWire({ store, timeouts: { checkMs: 200 } });
  const { status, body } = await send(wire.http.port, {
    path: `/license/abcde/${key}/verify`,
    body: { challenge: 'c' },
  });
  expect({ status, body }).toEqual({ status: 500, body: '{"valid":false,"error":"INTERNAL_SERVER_ERROR"}' });
});

test.each(['latchkey-', 'latchkey-relay 1'])('%j, a text of our own protocols, is never signed', async (text) => {
  const { storage } = await start();
  const guild = (await storage.bundle(worldGuildId))!.guild;
  const sign = createSignChallenge({ storage });
  await expect(sign(guild, text, 'lukittu')).rejects.toThrow('never signed');
  expect(await sign(guild, `x${text}`, 'lukittu')).toHaveLength(256);
});
