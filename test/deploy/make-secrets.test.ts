import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';
import { parseConfig } from '../../config/schema.ts';
import { readCompose } from '../support/read-compose.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const makeFolder = useTemporaryFolders();

function makeSecrets(folder: string): Readonly<Record<string, string>> {
  const script = join(folder, 'make-secrets.sh');
  cpSync(fileURLToPath(new URL('../../deploy/make-secrets.sh', import.meta.url)), script);
  execFileSync('sh', [script], { stdio: 'pipe' });
  return readSecrets(folder);
}

function readSecrets(folder: string): Readonly<Record<string, string>> {
  const secrets = join(folder, 'secrets');
  return Object.fromEntries(readdirSync(secrets).map((name) => [name, readFileSync(join(secrets, name), 'utf8')]));
}

test('every secret that compose.yaml mounts is created, readable in the containers but not by other users of the machine', () => {
  const folder = makeFolder();
  const made = Object.keys(makeSecrets(folder));
  expect(made.map((name) => `deploy/secrets/${name}`)).toEqual(
    Object.values(readCompose().secrets)
      .map(({ file }) => file)
      .sort(),
  );
  expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
  for (const name of made) expect(statSync(join(folder, 'secrets', name)).mode & 0o777).toBe(0o444);
});

test('the secrets are ones that Latchkey and MongoDB accept, and no two of them are alike', () => {
  const made = makeSecrets(makeFolder());
  const env = parseEnv(made['latchkey.env']!);
  const { MONGODB_URI = '' } = env;
  expect(Object.keys(env).sort()).toEqual(['LATCHKEY_MASTER_KEY', 'MONGODB_URI']);
  const result = parseConfig({ env, file: undefined, root: '/' });
  expect(result).toMatchObject({ ok: true, config: { mongodbUri: MONGODB_URI, masterKey: { length: 32 } } });

  const tls = '&tls=true&tlsCAFile=/run/secrets/mongo-ca.pem';
  const user = new URL(MONGODB_URI.replace(/,[^/]*/, ''));
  const admin = new URL((parse(made['mongo-admin.yaml']!) as { uri: string }).uri.replace(/,[^/]*/, ''));
  expect(user).toMatchObject({ username: 'latchkey', pathname: '/latchkey', search: `?replicaSet=latchkey${tls}` });
  expect(admin).toMatchObject({ username: 'admin', search: `?replicaSet=latchkey&authSource=admin${tls}` });
  for (const { password } of [user, admin]) expect(password).toMatch(/^[\w-]{43}$/);
  expect(user.password).not.toBe(admin.password);
  // https://www.mongodb.com/docs/manual/core/security-internal-authentication/: 6 to 1,024 characters of base64.
  expect(made['mongo-keyfile']).toMatch(/^[\w+/]{900,1024}$/);
});

test('the members share a certificate for each of their names, signed by an authority whose key is gone', () => {
  const made = makeSecrets(makeFolder());
  const authority = new X509Certificate(made['mongo-ca.pem']!);
  const server = new X509Certificate(made['mongo-server.pem']!);
  expect(authority.ca).toBe(true);
  expect(server.checkIssued(authority) && server.verify(authority.publicKey)).toBe(true);
  expect(server.checkPrivateKey(createPrivateKey(made['mongo-server.pem']!))).toBe(true);
  const names = Object.keys(readCompose().services).filter((name) => /^mongo\d$/.test(name));
  for (const name of [...names, 'localhost']) expect(server.checkHost(name)).toBe(name);
  expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
  // id-kp-serverAuth and id-kp-clientAuth of RFC 5280, 4.2.1.12: members connect to each other.
  expect([...server.keyUsage].sort()).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  for (const [name, text] of Object.entries(made))
    expect(text.includes('PRIVATE KEY')).toBe(name === 'mongo-server.pem');
});

test('existing secrets are not changed', () => {
  const folder = makeFolder();
  const made = makeSecrets(folder);
  expect(() => makeSecrets(folder)).toThrow('deploy/secrets exists already. Nothing was changed.');
  expect(readSecrets(folder)).toEqual(made);
});
