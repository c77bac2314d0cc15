import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressNote } from '../../src/domain/notes.ts';
import { configOf, guildId, useCommandLine, withShop } from '../support/command-line.ts';
import { valueOf } from '../support/open-services.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const commandLine = useCommandLine();
const folder = useTemporaryFolders();

interface Answer {
  readonly integration: {
    readonly system: string;
    readonly language: string;
    readonly product: string;
    readonly file: string;
    readonly code: string;
    readonly publicKey: { readonly pem: string; readonly oneLine: string; readonly base64: string };
    readonly warnings: readonly string[];
  };
}

const config = configOf({ LATCHKEY_HTTP_PUBLIC_URL: 'https://license.example.com' });

test('integrate prints code with everything filled in, for the recommended system where none is given', async () => {
  const line = await withShop(commandLine({ config }));
  const { integration } = await line.json<Answer>('integrate', '--product', 'plugin', '--language', 'python');
  const keys = ['system', 'language', 'product', 'file', 'code', 'publicKey', 'warnings'];
  expect(Object.keys(integration)).toEqual(keys);
  expect(integration).toMatchObject({ system: 'lukittu', language: 'python', product: 'Plugin', warnings: [] });
  const guild = valueOf(await line.services.guilds.find(guildId));
  const product = valueOf(await line.services.products.find(guildId, 'Plugin'));
  for (const part of ['"https://license.example.com"', `"${guild.teamId}"`, `"${product.uuid}"`]) {
    expect(integration.code).toContain(part);
  }
  const named = ['--system', 'recommended'];
  expect(await line.json('integrate', '--language', 'python', ...named)).toEqual({ integration });
});

test.each([
  ['tki', ['"Plugin"', '"1.0.0"', '"PUT-YOUR-API-KEY-HERE"']],
  ['faxstore', ['PRODUCT = 41\n']],
  ['sunlicense', ['PRODUCT = 41\n', '"1.0.0"']],
  ['licensegate', ['USER = "a1b2c"']],
])('for %s it fills in what names the product and its guild there', async (system, parts) => {
  const line = commandLine({ config });
  await line.json('guild', 'add', guildId, '--name', 'Shop', '--user-id', 'A1B2C');
  await line.json('product', 'add', 'Plugin', '--id', '41', '--version', '1.0.0');
  const { secret } = (await line.json<{ apiKey: { secret: string } }>('apikey', 'create', '--name', 'x')).apiKey;
  const { integration } = await line.json<Answer>('integrate', '--language', 'python', '--system', system);
  for (const part of parts) expect(integration.code).toContain(part);
  expect(JSON.stringify(integration)).not.toContain(secret);
});

test('the public key checks signatures in each of the forms that it is printed in', async () => {
  const line = await withShop(commandLine());
  const { publicKey } = (await line.json<Answer>('integrate', '--language', 'java')).integration;
  const guild = valueOf(await line.services.guilds.find(guildId));
  const dir = folder();
  const file = (name: string, data: string | Buffer) => {
    writeFileSync(join(dir, name), data);
    return join(dir, name);
  };
  const [, begin = '', body = '', end = ''] = /^(-----BEGIN .*?-----)(.*)(-----END .*-----)$/.exec(publicKey.oneLine)!;
  const pems = {
    pem: publicKey.pem,
    oneLine: [begin, ...body.match(/.{1,64}/g)!, end, ''].join('\n'),
    base64: Buffer.from(publicKey.base64, 'base64'),
  };
  const challenge = 'a challenge of 2027 ✓';
  const signature = file('signature', await line.services.signChallenge(guild, challenge, 'lukittu'));
  const right = file('right', challenge);
  const wrong = file('wrong', `${challenge}.`);
  for (const [form, pem] of Object.entries(pems)) {
    const verify = (text: string) =>
      execFileSync('openssl', ['dgst', '-sha256', '-verify', file(form, pem), '-signature', signature, text], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(verify(right)).toBe('Verified OK\n');
    expect(() => verify(wrong)).toThrow('Command failed');
  }
});

test('without --json the code alone is on stdout, and warnings are on stderr', async () => {
  const line = await withShop(commandLine());
  const argv = ['integrate', '--language', 'curl', '--system', 'tki'];
  const { integration } = await line.json<Answer>(...argv);
  const { out, err } = await line.run(...argv);
  expect(out).toBe(integration.code);
  expect(err).toBe(integration.warnings.map((warning) => `${warning}\n`).join(''));
  expect(err).toContain('Programs elsewhere cannot reach http://127.0.0.1:3000: set http.publicUrl');
  expect(err).toContain('The API key is yours to fill in');
});

test('--out writes a new file, never overwrites one, and prints the public key', async () => {
  const line = await withShop(commandLine({ config }));
  const out = join(folder(), 'check.php');
  const argv = ['integrate', '--language', 'php', '--out', out];
  const written = await line.run(...argv);
  expect(written.exitCode).toBe(0);
  expect(written.out).toContain('LICENSE_KEY=the-key php license-check.php');
  expect(written.out).toContain('-----BEGIN PUBLIC KEY-----\n');
  expect(readFileSync(out, 'utf8')).toMatch(/^<\?php\n/);
  writeFileSync(out, 'mine');
  expect(await line.failure(...argv)).toEqual([1, 'file-exists']);
  expect(readFileSync(out, 'utf8')).toBe('mine');
  const nowhere = ['--out', join(folder(), 'missing', 'check.php')];
  expect(await line.failure('integrate', '--language', 'php', ...nowhere)).toEqual([1, 'file-unwritable']);
});

test('an unknown product, language or system fails the command', async () => {
  const line = await withShop(commandLine());
  const failure = (...argv: readonly string[]) => line.failure('integrate', ...argv);
  expect(await failure('--language', 'java', '--product', 'Nope')).toEqual([1, 'product-not-found']);
  expect(await failure('--language', 'cobol')).toEqual([2, 'misuse']);
  expect(await failure('--language', 'java', '--system', 'keygen')).toEqual([2, 'misuse']);
  expect(await failure()).toEqual([2, 'misuse']);
  await line.json('product', 'add', 'Second');
  expect(await failure('--language', 'java')).toEqual([1, 'product-required']);
});

test('settings that would deny the printed client are warned about', async () => {
  const line = await withShop(commandLine({ config }));
  await line.json('settings', 'set', 'lukittu.strictReleases', 'true');
  await line.json('settings', 'set', 'lukittu.strictCustomers', 'true');
  const { warnings } = (await line.json<Answer>('integrate', '--language', 'java')).integration;
  expect(warnings.map((warning) => warning.split(' ')[0])).toEqual([
    'lukittu.strictCustomers',
    'lukittu.strictReleases',
  ]);
});

test('the address of a server that chooses its port is read from the store', async () => {
  const line = await withShop(commandLine({ config: configOf({ LATCHKEY_HTTP_PORT: '0' }) }));
  expect(await line.failure('integrate', '--language', 'java')).toEqual([1, 'address-unknown']);
  await line.storage.setNote(addressNote, 'http://127.0.0.1:41234', null);
  const { code } = (await line.json<Answer>('integrate', '--language', 'java')).integration;
  expect(code).toContain('"http://127.0.0.1:41234"');
});
