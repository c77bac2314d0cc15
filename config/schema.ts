import { resolve } from 'node:path';
import { z } from 'zod';
import { collectSettings, type Environment } from './collect-settings.ts';
import type { ConfigError } from './config-error.ts';
import * as value from './value-schemas.ts';

/** All settings of a process with their defaults. config/latchkey.example.yaml explains the keys of the file. */
function configSchema(root: string) {
  const path = z.string('the path of a file or folder').transform((text) => resolve(root, text));
  const perMinute = value.integer(0, Number.MAX_SAFE_INTEGER, ' (0 = off)');
  const port = value.integer(0, 65_535);
  const guildIds = value.list('at least one Discord guild id, or unset for any', value.snowflake);
  const minutes = value.integer(1, 7 * 24 * 60);

  return z.object({
    http: z.object({
      host: value.host.default('127.0.0.1'),
      port: port.default(3000),
      /** null: `http(s)://<host>:<port>`, which is known once the server listens. */
      publicUrl: value.url.nullable().default(null),
      trustedProxies: value.list('a list of addresses', value.proxy, 0).default([]),
      clientIpHeader: value.oneOf('x-forwarded-for', 'cf-connecting-ip', 'x-real-ip').default('x-forwarded-for'),
      countryHeader: value.headerName.nullable().default(null),
      tlsCert: path.nullable().default(null),
      tlsKey: path.nullable().default(null),
    }),
    guilds: z.object({
      /** null: any guild. */
      allowed: guildIds.nullable().default(null),
    }),
    ops: z.object({ host: value.host.default('127.0.0.1'), port: port.default(9464) }),
    data: z.object({ dir: path.prefault('data'), durability: value.oneOf('process', 'disk').default('process') }),
    /** null: the key in the data folder, which the first start generates. */
    masterKey: value.masterKey.nullable().default(null),
    roles: value
      .list('at least one of api, bot, jobs', value.oneOf('api', 'bot', 'jobs'))
      .default(['api', 'bot', 'jobs']),
    log: z.object({
      level: value.oneOf('error', 'warn', 'info', 'debug').default('info'),
      /** null: pretty on a terminal, json elsewhere. */
      format: value.oneOf('pretty', 'json').nullable().default(null),
    }),
    rateLimit: z.object({
      tki: perMinute.default(100),
      faxstore: perMinute.default(100),
      sunlicense: perMinute.default(100),
      lukittu: perMinute.default(30),
      licensegate: perMinute.default(100),
    }),
    guard: z.object({
      failures: perMinute.default(20),
      windowMinutes: minutes.default(10),
      blockMinutes: minutes.default(10),
    }),
    discord: z.object({
      token: value.botToken.nullable().default(null),
      clientId: value.snowflake.nullable().default(null),
      apiUrl: value.apiUrl.nullable().default(null),
    }),
    mongodbUri: value.mongodbUri.nullable().default(null),
  });
}

type Settings = z.output<ReturnType<typeof configSchema>>;
type Frozen<T> = T extends string | number | null | Buffer | readonly unknown[]
  ? T
  : { readonly [K in keyof T]: Frozen<T[K]> };

export type Config = Frozen<Settings>;

export interface ConfigInput {
  readonly env: Environment;
  /** The parsed YAML file, with integers as bigint because a guild id does not fit a number; undefined: there is none. */
  readonly file: unknown;
  /** The absolute path of the project folder, to which relative paths in the configuration are resolved. */
  readonly root: string;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

/** Every key in dotted spelling, including those that are allowed only in the environment. */
export const configKeys: readonly string[] = keysOf(configSchema('/').shape);

function keysOf(shape: Readonly<Record<string, unknown>>, prefix = ''): string[] {
  return Object.entries(shape).flatMap(([name, schema]) =>
    schema instanceof z.ZodObject ? keysOf(schema.shape, `${prefix}${name}.`) : [prefix + name],
  );
}

const secretKeys: readonly string[] = ['masterKey', 'discord.token', 'mongodbUri'];

/** The secrets of a configuration, as they would occur in a text. The log replaces them. */
export function secretsOf({ discord, masterKey, mongodbUri }: Config): readonly string[] {
  const [credentials = null] = /(?<=:\/\/)[^@:]+:[^@]+(?=@)/.exec(mongodbUri ?? '') ?? [];
  const texts = [discord.token, masterKey?.toString('base64') ?? null, mongodbUri, credentials];
  return texts.filter((text) => text !== null);
}

/** The configuration, or all its errors at once. A pure function: it reads nothing but its input. */
export function parseConfig({ env, file, root }: ConfigInput): ConfigResult {
  const { tree, spellingOf, isSet, errors } = collectSettings(configKeys, env, file);

  const parsed = configSchema(root).safeParse(tree, { reportInput: true });
  for (const issue of parsed.error?.issues ?? []) {
    const key = issue.path.filter((step) => typeof step === 'string').join('.');
    const shown = typeof issue.input === 'string' && isShowable(key, issue.input) ? issue.input : null;
    errors.push({ key: spellingOf(key), value: shown, problem: `must be ${issue.message}` });
  }
  if (isSet('http.tlsCert') !== isSet('http.tlsKey')) {
    const [given, missing] = isSet('http.tlsCert') ? ['http.tlsCert', 'http.tlsKey'] : ['http.tlsKey', 'http.tlsCert'];
    errors.push({ key: spellingOf(given), value: null, problem: `needs ${spellingOf(missing, given)} as well` });
  }
  if (parsed.success && parsed.data.ops.port !== 0 && parsed.data.ops.port === parsed.data.http.port) {
    const problem = `must be another port than ${spellingOf('http.port')}, or 0 (off)`;
    errors.push({ key: spellingOf('ops.port'), value: String(parsed.data.ops.port), problem });
  }

  if (errors.length > 0 || !parsed.success) return { ok: false, errors };
  return { ok: true, config: parsed.data, warnings: warningsAbout(parsed.data, spellingOf) };
}

/** Secrets are never shown. A client id of more than 20 characters is probably the token, pasted into the wrong line. */
function isShowable(key: string, text: string): boolean {
  return !secretKeys.includes(key) && !(key === 'discord.clientId' && text.length > 20);
}

function warningsAbout({ http }: Config, spellingOf: (key: string) => string): string[] {
  const headers = [
    ...(http.clientIpHeader === 'x-forwarded-for' ? [] : ['http.clientIpHeader']),
    ...(http.countryHeader === null ? [] : ['http.countryHeader']),
  ];
  const unusedHeaders = http.trustedProxies.length === 0 ? headers : [];
  return [
    ...unusedHeaders.map(
      (key) => `${spellingOf(key)} has no effect: http.trustedProxies names no proxy that may send this header`,
    ),
    ...http.trustedProxies
      .filter((range) => range.endsWith('/0'))
      .map((range) => `${spellingOf('http.trustedProxies')} contains ${range}: any client can claim any IP address`),
  ];
}
