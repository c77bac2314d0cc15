import { describe, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import type { CliContext, StoreLocation } from '../../src/cli/framework/context.ts';
import { configOf, useCommandLine } from '../support/command-line.ts';

const commandLine = useCommandLine();
const mongodbUri = 'mongodb://shop:precious@db/latchkey';
const configured = configOf({ MONGODB_URI: mongodbUri });
const toMongodb = ['copy-store', '--from', 'sqlite:data', '--to', 'mongodb:'] as const;

/** Tells of some steps, and answers as if all went well. */
const copying: CliContext['copyStore'] = (_from, _to, { onStep, onWarning }) => {
  onWarning('Look after it yourself.');
  onStep({ doing: 'copying', kind: 'users', done: 0, total: 0 });
  for (const done of [1_000, 2_000, 3_000]) onStep({ doing: 'copying', kind: 'licenses', done, total: 3_000 });
  const copied = { users: { count: 0, sum: '00' }, licenses: { count: 3_000, sum: '0a' } };
  return Promise.resolve({ from: 'sqlite:/srv/data', to: 'mongodb:db/latchkey', copied });
};

describe('copy-store names its stores', () => {
  async function locationsOf(...argv: readonly string[]): Promise<readonly StoreLocation[]> {
    const locations: StoreLocation[] = [];
    const line = commandLine({
      config: configured,
      copyStore: (from, to, listener) => {
        locations.push(from, to);
        return copying(from, to, listener);
      },
    });
    await line.json(...argv);
    return locations;
  }
  const embedded = { engine: 'sqlite', dir: resolve('data') };

  test('in both directions, with the address from MONGODB_URI', async () => {
    const mongodb = { engine: 'mongodb', uri: mongodbUri };
    expect(await locationsOf(...toMongodb)).toEqual([embedded, mongodb]);
    expect(await locationsOf('copy-store', '--to', 'sqlite:data', '--from', 'mongodb:')).toEqual([mongodb, embedded]);
  });

  test('or with an address instead', async () => {
    const uri = 'mongodb+srv://other.example.com/shop?tls=true';
    expect(await locationsOf('copy-store', '--from', uri, '--to', 'sqlite:data')).toEqual([
      { engine: 'mongodb', uri },
      embedded,
    ]);
  });

  test.each([
    [['--from', 'sqlite:', '--to', 'mongodb:']],
    [['--from', 'data', '--to', 'mongodb:']],
    [['--from', 'sqlite:a', '--to', 'sqlite:b']],
    [['--from', 'mongodb:', '--to', 'mongodb:']],
    [['--from', 'sqlite:a']],
  ])('%j is a usage error', async (argv) => {
    const line = commandLine({ config: configured, copyStore: copying });
    expect(await line.failure('copy-store', ...argv)).toEqual([2, 'misuse']);
  });

  test('a missing or invalid address is a usage error, which never repeats the address', async () => {
    const line = commandLine({ copyStore: copying });
    expect((await line.run(...toMongodb)).err).toBe('--to mongodb: needs the address in MONGODB_URI.\n');
    const { exitCode, err } = await line.run('copy-store', '--from', 'sqlite:a', '--to', 'mongodb://me:precious@/#');
    expect(exitCode).toBe(2);
    expect(err).not.toContain('precious');
  });
});

describe('copy-store reports', () => {
  test('its progress in lines on stderr, and the copied records on stdout', async () => {
    const { exitCode, out, err } = await commandLine({ config: configured, copyStore: copying }).run(...toMongodb);
    expect([exitCode, err]).toEqual([0, 'Look after it yourself.\ncopying licenses: 3,000 of 3,000\n']);
    expect(out).toBe(
      'Copied 3,000 records from sqlite:/srv/data to mongodb:db/latchkey and compared them.\n  licenses  3,000\n',
    );
  });

  test('one JSON value on stdout with --json', async () => {
    const line = commandLine({ config: configured, copyStore: copying });
    expect(await line.json(...toMongodb)).toEqual({
      copied: {
        from: 'sqlite:/srv/data',
        to: 'mongodb:db/latchkey',
        records: { users: { count: 0, sum: '00' }, licenses: { count: 3_000, sum: '0a' } },
      },
    });
  });

  test('its progress with a bar on a terminal, whose line it ends', async () => {
    let shown = '';
    const stderr = Object.assign(
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          shown += chunk.toString();
          done();
        },
      }),
      { isTTY: true },
    );
    await commandLine({ config: configured, copyStore: copying, stderr }).run(...toMongodb);
    const bars = shown.split('\r').slice(1);
    expect(bars[0]).toBe(`[${'#'.repeat(10)}${'.'.repeat(20)}] copying licenses: 1,000 of 3,000\u001b[K`);
    expect(bars.at(-1)).toBe(`[${'#'.repeat(30)}] copying licenses: 3,000 of 3,000\u001b[K\n`);
  });

  test('why it failed, in the sentence of the store', async () => {
    const copyStore = () => Promise.reject(new Error('mongodb:db is not empty.'));
    const line = commandLine({ config: configured, copyStore });
    expect(await line.failure(...toMongodb)).toEqual([1, 'copy-refused']);
    expect((await line.run(...toMongodb)).err).toBe('mongodb:db is not empty.\n');
  });
});
