import { expect, test } from '@jest/globals';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guildId, useCommandLine, withShop } from '../support/command-line.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const commandLine = useCommandLine();
const folder = useTemporaryFolders();

interface GuildAnswer {
  readonly guild: {
    readonly id: string;
    readonly name: string;
    readonly teamId: string;
    readonly userId: string;
    readonly publicKey: string;
  };
}

test('guild add, show and list print the same guild with exactly its fields', async () => {
  const line = commandLine();
  const added = await line.json<GuildAnswer>('guild', 'add', guildId, '--name', 'Shop');
  expect(Object.keys(added)).toEqual(['guild']);
  expect(Object.keys(added.guild)).toEqual(['id', 'name', 'teamId', 'userId', 'publicKey']);
  expect(added.guild.teamId).toMatch(/^[0-9a-f-]{36}$/);
  expect(added.guild.userId).toMatch(/^[0-9a-f]+$/);
  expect(added.guild.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  expect(await line.json('guild', 'show')).toEqual(added);
  expect(await line.json('guild', 'list')).toEqual({ guilds: [added.guild] });
});

test('guild add keeps given ids and a given challenge key', async () => {
  const line = commandLine();
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = join(folder(), 'challenge.pem');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const teamId = '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';
  const identity = ['--team-id', teamId, '--user-id', 'A1B2C'];
  const { guild } = await line.json<GuildAnswer>(
    ...['guild', 'add', guildId, '--name', 'Shop', ...identity, '--challenge-key', file],
  );
  expect(guild).toMatchObject({ teamId, userId: 'a1b2c' });
  expect(createPublicKey(guild.publicKey).equals(publicKey)).toBe(true);
});

/** The file of a new private key, and its public key. */
function newKeyFile(encoding: BufferEncoding = 'utf8', mark = '') {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = join(folder(), 'challenge.pem');
  writeFileSync(file, `${mark}${privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()}`, encoding);
  return { file, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

test('guild add keeps one challenge key for each system, for a seller who comes from both', async () => {
  const line = commandLine();
  // PowerShell writes UTF-16.
  const [lukittu, licenseGate] = [newKeyFile('utf16le', '\uFEFF'), newKeyFile()];
  const { guild } = await line.json<{ guild: Record<string, unknown> }>(
    ...['guild', 'add', guildId, '--name', 'Shop'],
    ...['--challenge-key', `lukittu:${lukittu.file}`, '--challenge-key', `licensegate:${licenseGate.file}`],
  );
  expect(Object.keys(guild)).toEqual(['id', 'name', 'teamId', 'userId', 'publicKey', 'publicKeys']);
  expect(guild.publicKeys).toEqual({ lukittu: lukittu.pem, licensegate: licenseGate.pem });
  expect(await line.json('guild', 'show')).toEqual({ guild });
  const { out } = await line.run('guild', 'show');
  // LicenseGate's clients hold PEM, also on one line, and Lukittu's hold base64 of the PEM.
  expect(out).toContain(`The public key of Lukittu:\n\n${lukittu.pem}`);
  expect(out).toContain(Buffer.from(lukittu.pem).toString('base64'));
  expect(out).toContain(licenseGate.pem.trim().replaceAll('\n', ''));
  expect(out).not.toContain(Buffer.from(licenseGate.pem).toString('base64'));

  await line.json('product', 'add', 'Plugin');
  for (const [system, { pem }] of Object.entries({ lukittu, licensegate: licenseGate })) {
    const made = await line.json('integrate', '--language', 'python', '--system', system);
    expect(made).toMatchObject({ integration: { publicKey: { pem: pem.trim() } } });
  }
});

test.each([
  [['tki:key.pem'], 'has no challenges'],
  [['lukittu:a.pem', 'lukittu:b.pem'], 'given twice for lukittu'],
  [['a.pem', 'b.pem'], 'given twice for all systems'],
])('--challenge-key %j is a usage error', async (files, reason) => {
  const options = files.flatMap((file) => ['--challenge-key', file]);
  const { exitCode, err } = await commandLine().run('guild', 'add', guildId, '--name', 'Shop', ...options);
  expect([exitCode, err.includes(reason)]).toEqual([2, true]);
});

test('a challenge key for one system that is none is refused by that name', async () => {
  const file = join(folder(), 'challenge.pem');
  writeFileSync(file, 'no key');
  const line = commandLine();
  const add = ['guild', 'add', guildId, '--name', 'Shop', '--challenge-key', `licensegate:${file}`];
  expect(await line.failure(...add)).toEqual([1, 'challenge-key-invalid']);
  expect((await line.run(...add)).err).toContain('for licensegate');
});

test('a challenge key file that cannot be read fails the command', async () => {
  const missing = join(folder(), 'missing.pem');
  const failure = await commandLine().failure('guild', 'add', guildId, '--name', 'Shop', '--challenge-key', missing);
  expect(failure).toEqual([1, 'file-unreadable']);
});

test('guild delete needs --yes, names what is lost, and then deletes it', async () => {
  const line = await withShop(commandLine());
  await line.json('license', 'issue', '--amount', '3');
  const asked = await line.run('guild', 'delete', guildId);
  expect([asked.exitCode, asked.out]).toEqual([2, '']);
  expect(asked.err).toBe('This deletes guild “Shop” and its 3 licenses for good. Repeat with --yes to do it.\n');
  expect(await line.failure('guild', 'delete', guildId)).toEqual([2, 'needs-yes']);
  expect(await line.json('guild', 'delete', guildId, '--yes')).toMatchObject({ guild: { id: guildId } });
  expect(await line.json('guild', 'list')).toEqual({ guilds: [] });
});

test('settings get prints all or one; settings set prints all as they are afterwards', async () => {
  const line = await withShop(commandLine());
  const { settings } = await line.json<{ settings: Record<string, unknown> }>('settings', 'get');
  expect(Object.keys(settings).slice(0, 3)).toEqual(['limits.ip', 'limits.hwid', 'limits.mac']);
  expect(settings).toMatchObject({ 'limits.ip': 5, 'channels.valid': null, locale: 'en' });
  expect(await line.json('settings', 'get', 'limits.ip')).toEqual({ settings: { 'limits.ip': 5 } });
  expect(await line.json('settings', 'set', 'limits.ip', '2')).toEqual({ settings: { ...settings, 'limits.ip': 2 } });
  expect(await line.failure('settings', 'get', 'limits.ipp')).toEqual([1, 'unknown-setting']);
  expect(await line.failure('settings', 'set', 'limits.ip', 'many')).toEqual([1, 'invalid-setting']);
  const { out } = await line.run('settings', 'set', 'limits.ip', 'unlimited');
  expect(out).toBe('limits.ip: 2 → unlimited\n');
});

test('settings set to the current value succeeds, so that a script can be repeated', async () => {
  const line = await withShop(commandLine());
  const before = await line.json('settings', 'get');
  expect(await line.json('settings', 'set', 'tki.requireHwid', 'true')).toEqual(before);
  expect((await line.run('settings', 'set', 'limits.ip', '5')).out).toBe('limits.ip is 5 already.\n');
});
