import { afterEach } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { type Config, secretsOf } from '../../config/schema.ts';
import { openStore, type RunningApp, startApp } from '../../src/app.ts';
import { runCli } from '../../src/cli/cli.ts';
import { createLog } from '../../src/log/log.ts';
import type { Services } from '../../src/services/services.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { fail } from '../../src/domain/values/result.ts';
import { send, type WireRequest, type WireResponse } from '../wire/support/send.ts';
import { configOf } from './command-line.ts';
import { freePort } from './free-port.ts';

/** The whole program on a store in a folder, and the command line on the same store. */
export interface RunningShop {
  readonly dir: string;
  /** The content of the master key file. */
  readonly masterKey: string;
  readonly config: Config;
  readonly app: RunningApp;
  /** The store as the command line opens it, while the server has it open, too. */
  readonly storage: Storage;
  readonly services: Services;
  /** The whole log, as it would be in a file. */
  logged(): string;
  /** Runs one command with `--json`. */
  cli(
    argv: readonly string[],
    input?: string,
  ): Promise<{ readonly exitCode: number; readonly out: string; readonly err: string }>;
  /** A TKI check; `fields` go into `data`. */
  check(apiKey: string, fields: object, headers?: Readonly<Record<string, string>>): Promise<WireResponse>;
  stop(): Promise<void>;
}

function createSink() {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return { stream, text: () => text };
}

export function tkiCheck(apiKey: string, fields: object, headers: Readonly<Record<string, string>> = {}): WireRequest {
  return {
    path: '/api/license/auth',
    headers: { authorization: apiKey, 'content-type': 'application/json', ...headers },
    body: { data: { product: 'Plugin', version: '1.0.0', ip: '198.51.100.7', hwid: 'MACHINE-1', ...fields } },
  };
}

/** Starts a shop. The caller must stop it and remove its folder; `useShops` does both. */
export async function startShop(env: Readonly<Record<string, string>>): Promise<RunningShop> {
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-shop-'));
  const config = configOf({
    LATCHKEY_DATA_DIR: dir,
    LATCHKEY_HTTP_PORT: '0',
    LATCHKEY_OPS_PORT: String(await freePort()),
    LATCHKEY_RATE_LIMIT_TKI: '0',
    LATCHKEY_GUARD_FAILURES: '0',
    LATCHKEY_LOG_LEVEL: 'debug',
    ...env,
  });
  const sink = createSink();
  const log = createLog({ level: 'debug', format: 'json', secrets: secretsOf(config), stream: sink.stream });
  const app = await startApp(config, log);
  const beside = await openStore(config, { server: false, publicUrl: () => app.publicUrl });
  const { storage, services } = beside;

  return {
    dir,
    masterKey: readFileSync(join(dir, 'master.key'), 'utf8').trim(),
    config,
    app,
    storage,
    services,
    logged: sink.text,
    cli: async (argv, input = '') => {
      const [out, err] = [createSink(), createSink()];
      const exitCode = await runCli([...argv, '--json'], {
        stdout: out.stream,
        stderr: err.stream,
        stdin: Readable.from([input]),
        config,
        version: '1.2.3',
        now: () => new Date(),
        platform: 'linux',
        open: () => Promise.resolve({ services, storage, close: () => Promise.resolve() }),
        isServerRunning: () => Promise.resolve(true),
        restore: () => Promise.reject(new Error('A server runs.')),
        copyStore: () => Promise.reject(new Error('A server runs.')),
        isDiscordUser: () => Promise.resolve(null),
        registerCommands: () => Promise.reject(new Error('Nothing can be registered here.')),
        inspectCommands: () => Promise.resolve(fail('Discord cannot be asked here.')),
      });
      return { exitCode, out: out.text(), err: err.text() };
    },
    check: (apiKey, fields, headers) => send(app.port, tkiCheck(apiKey, fields, headers)),
    stop: async () => {
      await app.stop();
      await storage.close();
    },
  };
}

/** Starts shops that are stopped and removed after the test. */
export function useShops(): (env?: Readonly<Record<string, string>>) => Promise<RunningShop> {
  const shops: RunningShop[] = [];
  afterEach(async () => {
    for (const shop of shops.splice(0)) {
      await shop.stop();
      rmSync(shop.dir, { recursive: true });
    }
  });
  return async (env = {}) => {
    const shop = await startShop(env);
    shops.push(shop);
    return shop;
  };
}
