import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { send } from '../wire/support/send.ts';
import { tkiCheck } from '../support/running-shop.ts';

const root = join(import.meta.dirname, '..', '..');

/** The program as it is installed, with a configuration and data of its own. */
let project: string;
let data: string;
/** Of a store with the quickstart's guild in it; each test has a copy. */
let filled: string;
let shop: Quickstart;
const running: ChildProcess[] = [];

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'latchkey-project-'));
  for (const name of ['index.js', 'package.json', 'src', 'config', 'commands', 'events']) {
    cpSync(join(root, name), join(project, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  rmSync(join(project, 'config/latchkey.yaml'), { force: true });
  data = join(project, 'data');
  filled = join(project, 'filled');
  const { code, out, err } = await run(['quickstart', '--json']);
  expect({ code, failed: code === 0 ? '' : out + err }).toEqual({ code: 0, failed: '' });
  shop = JSON.parse(out) as Quickstart;
  cpSync(data, filled, { recursive: true });
  rmSync(data, { recursive: true });
});
afterAll(() => {
  rmSync(project, { recursive: true });
});
afterEach(async () => {
  for (const child of running.splice(0)) await ended(child, 'SIGKILL');
  rmSync(data, { recursive: true, force: true });
  rmSync(join(project, '.env'), { force: true });
  rmSync(join(project, 'config/latchkey.yaml'), { force: true });
});

function launch(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const own = {
    PATH: process.env.PATH,
    LATCHKEY_HTTP_PORT: '0',
    LATCHKEY_OPS_PORT: '0',
    LATCHKEY_HTTP_PUBLIC_URL: 'http://shop.example',
    ...env,
  };
  const child = spawn(process.execPath, ['index.js', ...args], {
    cwd: project,
    env: own,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  return child;
}

async function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  if (signal) child.kill(signal);
  return exit;
}

/** Runs it to its end, which a server that does start after all is put to. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = launch(args, env);
  let out = '';
  let err = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (out.includes('Listening on')) child.kill('SIGKILL');
  });
  child.stderr!.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await ended(child);
  return { code, out, err };
}

/** Starts the server and answers its port when it listens. */
async function serve(
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<{ child: ChildProcess; port: number }> {
  const child = launch(args, env);
  for await (const line of createInterface({ input: child.stdout! })) {
    const port = /Listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return { child, port: Number(port) };
  }
  throw new Error('it ended before it listened');
}

interface Quickstart {
  readonly license: { readonly key: string };
  readonly product: { readonly name: string; readonly version: string };
  readonly apiKey: { readonly secret: string };
}

function fillStore(): void {
  cpSync(filled, data, { recursive: true });
}

function ask(port: number) {
  const { apiKey, license, product } = shop;
  const fields = { licensekey: license.key, product: product.name, version: product.version };
  return send(port, tkiCheck(apiKey.secret, fields));
}

/** Every file with a hash of its bytes, but for SQLite's index of its log, which every reader makes anew. */
const contents = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    existsSync(data)
      ? readdirSync(data, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => join(parentPath, name))

          .filter((path) => !path.endsWith('-shm'))
          .map((file) => [file, hash('sha256', readFileSync(file))])
      : [],
  );

const file = () => join(data, 'latchkey.db');
const masterKey = () => join(data, 'master.key');

describe('a store that must not be opened', () => {
  test.each<[string, () => Readonly<Record<string, string>> | undefined, string]>([
    [
      'another master key is configured',
      () => ({ LATCHKEY_MASTER_KEY: Buffer.alloc(32, 8).toString('base64') }),
      'was made with another master key',
    ],
    [
      'the master key’s file holds another one',
      () => {
        writeFileSync(masterKey(), Buffer.alloc(32, 8).toString('base64'));
        return {};
      },
      'was made with another master key',
    ],
    [
      'the master key’s file is half written',
      () => {
        truncateSync(masterKey(), 20);
        return {};
      },
      'holds no master key',
    ],
    [
      'the master key is gone',
      () => {
        rmSync(masterKey());
        return {};
      },
      'The master key is missing',
    ],
    [
      'the database is cut in half',
      () => {
        truncateSync(file(), 20_480);
        return {};
      },
      'is damaged',
    ],
    [
      'the database is empty',
      () => {
        truncateSync(file(), 0);
        return {};
      },
      'is empty',
    ],
    [
      'the database is gone and its log is still there',
      () => {
        rmSync(file());
        writeFileSync(`${file()}-wal`, 'log');
        return {};
      },
      'is missing but its -wal file is there',
    ],
    [
      'the database is another file',
      () => {
        writeFileSync(file(), 'no database '.repeat(1_000));
        return {};
      },
      'is damaged',
    ],
  ])(
    'since %s, is refused with the reason by server and command line, and left as it is',
    async (_why, spoil, reason) => {
      fillStore();
      const env = spoil() ?? {};
      const before = contents();
      for (const { code, out, err } of await Promise.all([run([], env), run(['guild', 'list'], env)])) {
        expect({ code, told: (out + err).includes(reason) }).toEqual({ code: 1, told: true });
        expect(out + err).not.toContain(env.LATCHKEY_MASTER_KEY ?? '\0');
      }
      expect(contents()).toEqual(before);
    },
  );

  test('when a killed server left its log is refused under another key, and loses nothing of the log', async () => {
    fillStore();
    const { child, port } = await serve();
    expect(await ask(port)).toMatchObject({ status: 200 });
    await ended(child, 'SIGKILL');
    const before = contents();
    expect(Object.keys(before)).toContain(`${file()}-wal`);
    const other = { LATCHKEY_MASTER_KEY: Buffer.alloc(32, 8).toString('base64') };
    expect(await run([], other)).toMatchObject({ code: 1, out: expect.stringContaining('another master key') });
    expect(contents()).toEqual(before);
    const { out } = await run(['attempts', '--json']);
    expect((JSON.parse(out) as { attempts: unknown[] }).attempts).toHaveLength(1);
  });
});

describe('a data folder that has lost its store', () => {
  test('but not its master key is no new shop: server and command line name it, and make nothing', async () => {
    fillStore();
    for (const name of readdirSync(data)) if (name !== 'master.key') rmSync(join(data, name), { recursive: true });
    const before = contents();
    const refused = await run([]);
    expect(refused.code).toBe(1);
    expect(refused.out).toContain(`There is no store in ${data}, but ${masterKey()} is there.`);
    expect(refused.out).toContain('--new-store');
    for (const args of [['license', 'list'], ['quickstart']]) {
      const { code, err } = await run(args);
      expect({ code, named: err.includes(`There is no store in ${data}`) }).toEqual({ code: 1, named: true });
    }
    expect(contents()).toEqual(before);
  });

  test('and everything else, as an unmounted volume has, starts only with --new-store', async () => {
    fillStore();
    const { child } = await serve();
    await ended(child, 'SIGTERM');
    for (const name of readdirSync(data)) rmSync(join(data, name), { recursive: true });
    const refused = await run([]);
    expect({ code: refused.code, files: readdirSync(data) }).toEqual({ code: 1, files: [] });
    expect(refused.out).toContain(`There is no store in ${data}, but there was one before.`);
    const started = await serve({}, ['--new-store']);
    expect(await ended(started.child, 'SIGTERM')).toBe(0);
  });
});

describe('a configuration that is half written', () => {
  test.each([
    ['config/latchkey.yaml', 'http:\n  host: 127.0.0.1\ndata:\n  dir: "da', 'config/latchkey.yaml'],
    ['config/latchkey.yaml', 'masterKey: c2VjcmV0c2VjcmV0\nhttp: {port: 1', 'config/latchkey.yaml'],
    ['config/latchkey.yaml', 'masterKey: c2VjcmV0c2VjcmV0\n', 'masterKey'],
    ['config/latchkey.yaml', 'http:\n  trustedPro', 'http'],
    ['.env', 'LATCHKEY_MASTER_KEY=c2VjcmV0c2VjcmV0', 'LATCHKEY_MASTER_KEY'],
    ['.env', 'LATCHKEY_DATA_DI=elsewhere', 'LATCHKEY_DATA_DI'],
  ])('%s with %j is refused by its name, makes nothing and tells no secret', async (name, text, told) => {
    writeFileSync(join(project, name), text);
    const { code, out, err } = await run([]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^Latchkey cannot start, because the configuration has errors:\n {2}/);
    expect(err).toContain(told);
    expect(out + err).not.toContain('c2VjcmV0c2VjcmV0');
    expect(existsSync(data)).toBe(false);
    expect(readFileSync(join(project, name), 'utf8')).toBe(text);
  });
});

describe('two servers on one store', () => {
  test('the second ends with the reason, and the first answers on as before', async () => {
    fillStore();
    const first = await serve();
    expect(await ask(first.port)).toMatchObject({ status: 200 });
    const second = await run([]);
    expect(second.code).toBe(1);
    expect(second.out + second.err).toContain(`Another Latchkey server runs on ${data}: stop it first.`);
    expect(await ask(first.port)).toMatchObject({ status: 200 });
    const { out } = await run(['attempts', '--json']);
    expect((JSON.parse(out) as { attempts: unknown[] }).attempts).toHaveLength(2);
    expect(await ended(first.child, 'SIGTERM')).toBe(0);
  });

  test('of two that start at once exactly one serves', async () => {
    fillStore();
    const codes = await Promise.all(
      [launch([], {}), launch([], {})].map(async (child) => {
        for await (const line of createInterface({ input: child.stdout! }))
          if (line.includes('Listening on')) return 'serves';
        return ended(child);
      }),
    );
    expect(codes.map(String).sort()).toEqual(['1', 'serves']);
  });

  test('a backup is not restored under a running one', async () => {
    fillStore();
    const backup = join(project, 'data', 'copy.db');
    expect(await run(['backup', backup])).toMatchObject({ code: 0 });
    const { child } = await serve();
    const { code, out, err } = await run(['restore', backup]);
    expect(code).toBe(1);
    expect(out + err).toMatch(/server runs/i);
    await ended(child, 'SIGTERM');
  });
});
