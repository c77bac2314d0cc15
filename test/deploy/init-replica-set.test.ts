import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv, promisify } from 'node:util';
import mongoose from 'mongoose';
import { parse } from 'yaml';
import { findMongod } from '../support/find-mongod.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { readCompose } from '../support/read-compose.ts';
import { freePort } from '../support/free-port.ts';

const { MongoClient } = mongoose.mongo;
const deploy = fileURLToPath(new URL('../../deploy/', import.meta.url));
const script = fileURLToPath(new URL('../../deploy/init-replica-set.js', import.meta.url));
const program = fileURLToPath(new URL('../../index.js', import.meta.url));
const compose = readCompose();

let folder: string;
let envFile: string;
let adminFile: string;
let ports: readonly number[];
let uri: string;
const running: ChildProcess[] = [];

/** Where the containers find their secrets, and where they are here. */
const secretsHere = (text: string) => text.replaceAll('/run/secrets/', join(folder, 'secrets/'));

/** As compose.yaml starts the member, but for where it lies and listens. */
async function startMember(mongod: string, name: string, port: number): Promise<void> {
  const [, ...args] = compose.services[name]!.command!;
  const dbPath = join(folder, name);
  mkdirSync(dbPath);
  const here = args
    .flatMap((arg) => (arg === '--bind_ip_all' ? ['--bind_ip', '127.0.0.1'] : [arg]))
    .map((arg) => (arg.endsWith('/keyfile') ? join(folder, 'keyfile') : secretsHere(arg)));
  running.push(spawn(mongod, [...here, '--port', String(port), '--dbpath', dbPath], { stdio: 'ignore' }));
  const { search } = new URL(uri.replace(/,[^/]*/, ''));
  const tls = search.slice(search.indexOf('tls='));
  await ask(`mongodb://127.0.0.1:${port}/?directConnection=true&${tls}`, 'admin', { hello: 1 });
}

async function ask(address: string, database: string, command: object): Promise<mongoose.mongo.Document> {
  const client = new MongoClient(address);
  try {
    return await client.db(database).command({ ...command });
  } finally {
    await client.close();
  }
}

/** As the `init` service of compose.yaml; killed as soon as it has said `lastWords`. Answers what it said. */
async function initiate(lastWords?: string): Promise<string> {
  const args = compose.services.init!.command!.slice(2);
  const files = args.map((arg) => (arg === '/app/.env' ? envFile : arg.startsWith('/run/secrets/') ? adminFile : arg));
  const child = spawn(process.execPath, [script, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (lastWords !== undefined && said.includes(lastWords)) child.kill('SIGKILL');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0 && lastWords === undefined) throw new Error(`It ended with ${String(code)}.`);
  return said;
}

const withHosts = (text: string) =>
  ports.reduce((done, port, i) => done.replace(`mongo${i + 1}:27017`, `127.0.0.1:${port}`), text);

describeWithMongod('the replica set of compose.yaml', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'));
    cpSync(join(deploy, 'make-secrets.sh'), join(folder, 'make-secrets.sh'));
    await promisify(execFile)('sh', [join(folder, 'make-secrets.sh')]);
    const secret = (name: string) => readFileSync(join(folder, 'secrets', name), 'utf8');
    writeFileSync(join(folder, 'keyfile'), secret('mongo-keyfile'), { mode: 0o400 });

    ports = await Promise.all([freePort(), freePort(), freePort()]);
    envFile = join(folder, 'latchkey.env');
    adminFile = join(folder, 'mongo-admin.yaml');
    writeFileSync(envFile, secretsHere(withHosts(secret('latchkey.env'))));
    writeFileSync(adminFile, secretsHere(withHosts(secret('mongo-admin.yaml'))));
    uri = parseEnv(readFileSync(envFile, 'utf8')).MONGODB_URI!;

    const mongod = (await findMongod())!;
    await Promise.all(ports.map((port, i) => startMember(mongod, `mongo${i + 1}`, port)));
    // Cut off twice, so that everything below is also a promise about what the next run finishes.
    expect(await initiate('Initiated')).toContain('Initiated the replica set latchkey.');
    expect(await initiate('Made')).toContain('Made the administrator admin.');
    expect(await initiate()).toBe('The user latchkey of the database latchkey is ready.\n');
  }, 60_000);
  afterAll(async () => {
    const ended = running.map((child) => once(child, 'exit'));
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(ended);
    rmSync(folder, { recursive: true });
  });

  test('has three members that may all become primary, and notices within seconds that one is gone', async () => {
    const { config } = await ask(uri, 'admin', { replSetGetConfig: 1 });
    expect(config).toMatchObject({
      _id: 'latchkey',
      members: ports.map((port) => ({ host: `127.0.0.1:${port}`, priority: 1, votes: 1, arbiterOnly: false })),
      settings: { electionTimeoutMillis: 2000, heartbeatIntervalMillis: 500 },
    });
  });

  test('lets the user of Latchkey write to its own database, and to no other', async () => {
    const insert = { insert: 'tried', documents: [{ _id: 1 }], writeConcern: { w: 'majority' } };
    expect(await ask(uri, 'latchkey', insert)).toMatchObject({ ok: 1, n: 1 });
    expect(
      await ask(uri, 'latchkey', { createIndexes: 'tried', indexes: [{ key: { a: 1 }, name: 'a' }] }),
    ).toMatchObject({ ok: 1 });
    await expect(ask(uri, 'other', insert)).rejects.toMatchObject({ codeName: 'Unauthorized' });
    await expect(ask(uri, 'admin', { usersInfo: 1 })).rejects.toMatchObject({ codeName: 'Unauthorized' });
  });

  test('is one that Latchkey opens, and of which doctor has nothing to fix', async () => {
    const { LATCHKEY_MASTER_KEY, MONGODB_URI } = parseEnv(readFileSync(envFile, 'utf8'));
    const doctor = await promisify(execFile)(process.execPath, [program, 'doctor', '--json'], {
      env: { LATCHKEY_MASTER_KEY, MONGODB_URI, LATCHKEY_DATA_DIR: join(folder, 'data') },
    });
    const { checks } = JSON.parse(doctor.stdout) as { checks: readonly { name: string }[] };
    for (const name of ['store', 'master key', 'replica set', "MongoDB's clock"]) {
      expect(checks.find((check) => check.name === name)).toMatchObject({ ok: true, fix: null });
    }
  });

  test('answers nobody without a password', async () => {
    const stranger = uri.replace(/\/\/.*@/, '//');
    await expect(ask(stranger, 'latchkey', { find: 'tried' })).rejects.toMatchObject({ codeName: 'Unauthorized' });
    const createUser = { createUser: 'stranger', pwd: 'stranger', roles: ['root'] };
    await expect(ask(stranger, 'admin', createUser)).rejects.toMatchObject({ codeName: 'Unauthorized' });
  });

  test('talks to nobody without encryption, and has members that prove who they are', async () => {
    const unencrypted = uri.replace(/&tls=.*/, '');
    await expect(ask(`${unencrypted}&serverSelectionTimeoutMS=1000`, 'latchkey', { ping: 1 })).rejects.toThrow(
      /connection .* closed|ECONNRESET/,
    );
    // Signed by an authority that the system knows, they would need no tlsCAFile.
    const unknown = uri.replace(/&tlsCAFile=.*/, '');
    await expect(ask(`${unknown}&serverSelectionTimeoutMS=1000`, 'latchkey', { ping: 1 })).rejects.toThrow(
      /self-signed certificate/,
    );
  });

  test('stays as it is when it is initiated again under another primary, but for a new password of Latchkey', async () => {
    // Every election raises the term.
    const configWithoutTerm = async () => ({
      ...((await ask(uri, 'admin', { replSetGetConfig: 1 })).config as object),
      term: null,
    });
    const before = await configWithoutTerm();
    const { uri: adminUri } = parse(readFileSync(adminFile, 'utf8')) as { uri: string };
    await ask(adminUri, 'admin', { replSetStepDown: 60 });
    await initiate();
    expect(await configWithoutTerm()).toEqual(before);

    const changed = uri.replace(/:[^:@]+@/, ':another-password@');
    writeFileSync(envFile, `MONGODB_URI=${changed}\n`);
    await initiate();
    expect(await ask(changed, 'latchkey', { count: 'tried' })).toMatchObject({ ok: 1 });
    await expect(ask(uri, 'latchkey', { count: 'tried' })).rejects.toMatchObject({ codeName: 'AuthenticationFailed' });
  }, 60_000);
});
