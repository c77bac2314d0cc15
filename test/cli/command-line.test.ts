import { describe, expect, test } from '@jest/globals';
import { Writable } from 'node:stream';
import { StoreUnavailableError } from '../../src/storage/port/errors.ts';
import { guildId, useCommandLine, withShop } from '../support/command-line.ts';

const commandLine = useCommandLine();

describe('exit codes', () => {
  test.each([
    [['nonsense']],
    [['license']],
    [['license', 'issue', '--nonsense']],
    [['license', 'issue', '--amount', '0']],
    [['license', 'issue', '--amount', '100001']],
    [['license', 'issue', '--amount', '1.5']],
    [['license', 'show']],
    [['license', 'show', '1', '2']],
    [['license', 'switch', '1', 'sideways']],
    [['license', 'reset', '1', 'everything']],
    [['license', 'list', '--state', 'lost']],
    [['license', 'reassign', '1']],
    [['guild', 'add', '1']],
    [['product', 'edit', 'Plugin', '--version-policy', 'some']],
    [['blacklist', 'add', 'name', 'x']],
    [['attempts', '--result', 'good']],
    [['attempts', '--since', 'yesterday']],
    [['apikey', 'revoke', 'mine']],
  ])('%j is a usage error: exit code 2, a message on stderr, and JSON with --json', async (argv) => {
    const line = await withShop(commandLine());
    const plain = await line.run(...argv);
    expect([plain.exitCode, plain.out]).toEqual([2, '']);
    expect(plain.err).not.toBe('');
    if (argv.length > 1) expect(await line.failure(...argv)).toEqual([2, 'misuse']);
  });

  test('an option without its value is a usage error', async () => {
    const { exitCode, out } = await (await withShop(commandLine())).run('license', 'issue', '--product');
    expect([exitCode, out]).toEqual([2, '']);
  });

  test('a failed command is 1, with its sentence on stderr and nothing on stdout', async () => {
    const line = await withShop(commandLine());
    const { exitCode, out, err } = await line.run('license', 'show', '12');
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toBe('There is no such license in this server; give its whole key or its id.\n');
  });

  test('a failed command with --json prints one value on stdout and nothing on stderr', async () => {
    const line = await withShop(commandLine());
    const { exitCode, out, err } = await line.run('license', 'show', '12', '--json');
    expect([exitCode, err]).toEqual([1, '']);
    expect(out).toBe(
      '{"error":{"code":"license-not-found","message":"There is no such license in this server; give its whole key or its id."}}\n',
    );
  });

  test('a store that must not be opened fails the command with the sentence of the store', async () => {
    const open = () => Promise.reject(new Error('latchkey.db was made with another master key.'));
    const { exitCode, out, err } = await commandLine({ open }).run('guild', 'list');
    expect([exitCode, out, err]).toEqual([1, '', 'latchkey.db was made with another master key.\n']);
  });

  test('a store that is unavailable fails the command', async () => {
    const line = commandLine();
    const guilds = { ...line.services.guilds, list: () => Promise.reject(new StoreUnavailableError('It is locked.')) };
    const open = () =>
      Promise.resolve({
        services: { ...line.services, guilds },
        storage: line.storage,
        close: () => Promise.resolve(),
      });
    expect(await commandLine({ open }).failure('guild', 'list')).toEqual([1, 'store-unavailable']);
  });

  test('the store is closed after success and after failure', async () => {
    const line = await withShop(commandLine());
    let closed = 0;
    const close = () => Promise.resolve(void (closed += 1));
    const open = () => Promise.resolve({ services: line.services, storage: line.storage, close });
    const counting = commandLine({ open });
    await counting.run('guild', 'list');
    await counting.run('license', 'show', '12');
    expect(closed).toBe(2);
  });

  test('a reader that goes away, as head does, is not an error', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--amount', '2000');
    const open = () =>
      Promise.resolve({ services: line.services, storage: line.storage, close: () => Promise.resolve() });
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const { exitCode, err } = await commandLine({ open, stdout }).run('license', 'list', '--json');
    expect([exitCode, err]).toEqual([0, '']);
  });

  test('--help and --version exit with 0 and print on stdout', async () => {
    const line = commandLine();
    expect(await line.run('--version')).toEqual({ exitCode: 0, out: '1.2.3\n', err: '' });
    const help = await line.run('license', 'issue', '--help');
    expect([help.exitCode, help.err]).toEqual([0, '']);
    expect(help.out).toContain('--amount <n>');
  });

  test('text that looks like an option can follow --', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--key', '--key-with-dashes--');
    const { exitCode } = await line.run('license', 'show', '--', '--key-with-dashes--');
    expect(exitCode).toBe(0);
  });
});

describe('--guild', () => {
  test('may be omitted where there is one guild, not counting the quickstart one', async () => {
    const line = commandLine();
    expect(await line.failure('product', 'list')).toEqual([1, 'guild-not-found']);
    await line.json('quickstart');
    expect(await line.json('guild', 'show')).toMatchObject({ guild: { id: 'quickstart' } });
    await line.json('guild', 'add', guildId, '--name', 'Shop');
    expect(await line.json('guild', 'show')).toMatchObject({ guild: { id: guildId } });
    expect(await line.json('guild', 'show', '--guild', 'quickstart')).toMatchObject({ guild: { id: 'quickstart' } });
  });

  test('is needed where there are several, and the error names them', async () => {
    const line = await withShop(commandLine());
    await line.json('guild', 'add', '100000000000000002', '--name', 'Other');
    const { exitCode, err } = await line.run('product', 'list');
    expect(exitCode).toBe(1);
    expect(err).toContain('--guild');
    expect(await line.json('product', 'list', '--guild', '100000000000000002')).toEqual({ products: [] });
  });

  test('keeps guilds apart', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue');
    await line.json('guild', 'add', '100000000000000002', '--name', 'Other');
    expect(await line.failure('license', 'show', '1', '--guild', '100000000000000002')).toEqual([
      1,
      'license-not-found',
    ]);
  });
});
