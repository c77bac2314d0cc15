import { afterEach } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { parseConfig } from '../../config/schema.ts';
import { runCli } from '../../src/cli/cli.ts';
import type { CliContext } from '../../src/cli/framework/context.ts';
import { createServices, type Services } from '../../src/services/services.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { fail } from '../../src/domain/values/result.ts';
import { openMemoryStorage } from './memory-storage.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandLine {
  readonly storage: Storage;
  readonly services: Services;
  readonly clock: TestClock;
  /** Runs one command, given as typed words. */
  run(...argv: readonly string[]): Promise<Ran>;
  /** Runs a command with `--json` and returns the JSON value. Throws where the command fails. */
  json<T = Record<string, unknown>>(...argv: readonly string[]): Promise<T>;
  /** Runs a command that must fail with `--json`, and returns its exit code and error code. */
  failure(...argv: readonly string[]): Promise<readonly [exitCode: number, code: string]>;
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

export function configOf(env: Readonly<Record<string, string>> = {}) {
  const parsed = parseConfig({ env, file: undefined, root: '/srv/latchkey' });
  if (!parsed.ok) throw new Error(parsed.errors.map(({ key, problem }) => `${key} ${problem}`).join(', '));
  return parsed.config;
}

/** A command line on an empty store in memory. `own` replaces parts of its context. */
export function useCommandLine(): (own?: Partial<CliContext> & { readonly input?: string }) => CommandLine {
  const opened: Storage[] = [];
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
  });
  return ({ input = '', ...own } = {}) => {
    const clock = createTestClock();
    const storage = openMemoryStorage(clock.now);
    opened.push(storage);
    const publicUrl = () => 'http://127.0.0.1:3000';
    const services = createServices({ storage, clock: clock.now, randomBytes, publicUrl });

    async function run(...argv: readonly string[]): Promise<Ran> {
      const [out, err] = [createSink(), createSink()];
      const exitCode = await runCli(argv, {
        stdout: out.stream,
        stderr: err.stream,
        stdin: Readable.from([input]),
        config: configOf(),
        version: '1.2.3',
        now: clock.now,
        platform: 'linux',
        open: () => Promise.resolve({ services, storage, close: () => Promise.resolve() }),
        isServerRunning: () => Promise.resolve(false),
        restore: () => Promise.reject(new Error('Nothing can be restored here.')),
        copyStore: () => Promise.reject(new Error('Nothing can be copied here.')),
        isDiscordUser: () => Promise.resolve(null),
        registerCommands: () => Promise.reject(new Error('Nothing can be registered here.')),
        inspectCommands: () => Promise.resolve(fail('Discord cannot be asked here.')),
        ...own,
      });
      return { exitCode, out: out.text(), err: err.text() };
    }

    return {
      storage,
      services,
      clock,
      run,
      json: async (...argv) => {
        const ran = await run(...argv, '--json');
        if (ran.exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${ran.exitCode}: ${ran.out}${ran.err}`);
        return JSON.parse(ran.out) as never;
      },
      failure: async (...argv) => {
        const ran = await run(...argv, '--json');
        const { error } = JSON.parse(ran.out) as { error: { code: string; message: string } };
        return [ran.exitCode, error.code];
      },
    };
  };
}

export const guildId = '100000000000000001';
export const buyerId = '200000000000000002';

/** Adds a guild and a product. */
export async function withShop(line: CommandLine): Promise<CommandLine> {
  await line.json('guild', 'add', guildId, '--name', 'Shop');
  await line.json('product', 'add', 'Plugin', '--version', '1.0.0');
  return line;
}
