import { type ConfigError, nearestName } from './config-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Keys that the file must not hold: it is copied and shown around more easily than an environment. */
const environmentOnly: Readonly<Record<string, string>> = {
  'discord.token': 'DISCORD_TOKEN',
  'discord.clientId': 'DISCORD_CLIENT_ID',
  'discord.apiUrl': 'DISCORD_API_URL',
  mongodbUri: 'MONGODB_URI',
};

interface Given {
  /** The name its owner used for it. */
  readonly spelling: string;
  readonly value: unknown;
}

export interface CollectedSettings {
  /** What was given, as sections of text values. */
  readonly tree: Readonly<Record<string, unknown>>;
  /** How the owner spells a key; one that is not given is spelt like `neighbour`. */
  readonly spellingOf: (key: string, neighbour?: string) => string;
  readonly isSet: (key: string) => boolean;
  readonly errors: ConfigError[];
}

/** Lays the environment over the file and finds the names that mean nothing. */
export function collectSettings(keys: readonly string[], env: Environment, file: unknown): CollectedSettings {
  const written = flatten(file);
  const errors = [...fileErrors(keys, file, written), ...environmentErrors(keys, env)];

  const given = new Map<string, Given>();
  for (const key of keys) {
    const name = environmentName(key);
    const fromEnv = textOf(env[name]);
    const fromFile = textOf(written.find(([path]) => path === key)?.[1]);
    if (fromEnv !== undefined) given.set(key, { spelling: name, value: fromEnv });
    else if (fromFile !== undefined && !(key in environmentOnly)) given.set(key, { spelling: key, value: fromFile });
  }
  for (const [key, setting] of hostingDefaults(env)) if (!given.has(key)) given.set(key, setting);

  return {
    tree: treeOf(keys, given),
    isSet: (key) => given.has(key),
    spellingOf(key, neighbour = key) {
      const isOfEnvironment = key in environmentOnly || given.get(neighbour)?.spelling === environmentName(neighbour);
      return given.get(key)?.spelling ?? (isOfEnvironment ? environmentName(key) : key);
    },
    errors,
  };
}

/** `http.publicUrl` → `LATCHKEY_HTTP_PUBLIC_URL`. */
function environmentName(key: string): string {
  const words = key.replace(/\./g, '_').replace(/[A-Z]/g, (letter) => `_${letter}`);
  return environmentOnly[key] ?? `LATCHKEY_${words.toUpperCase()}`;
}

/** Game panels and hosting platforms say through the environment where to listen. */
function hostingDefaults(env: Environment): [string, Given][] {
  const isPanel = textOf(env.P_SERVER_UUID) !== undefined;
  const portName = (isPanel ? ['SERVER_PORT', 'PORT'] : ['PORT']).find((name) => textOf(env[name]) !== undefined);
  if (!isPanel && portName === undefined) return [];
  const host: [string, Given] = ['http.host', { spelling: 'http.host', value: '0.0.0.0' }];
  return portName === undefined ? [host] : [host, ['http.port', { spelling: portName, value: textOf(env[portName]) }]];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `http: { port: 1 }` and `http.port: 1` alike → `['http.port', 1]`. */
function flatten(value: unknown, prefix = ''): [string, unknown][] {
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isMapping(inner) && Object.keys(inner).length > 0
      ? flatten(inner, `${prefix}${name}.`)
      : [[prefix + name, inner] satisfies [string, unknown]],
  );
}

/** Scalars as trimmed text; undefined where blank. */
function textOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => textOf(entry) ?? '');
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.trim() || undefined;
  return value ?? undefined;
}

function treeOf(keys: readonly string[], given: ReadonlyMap<string, Given>): Readonly<Record<string, unknown>> {
  const tree: Record<string, unknown> = {};
  for (const key of keys) {
    const [section = '', name] = key.split('.');
    const value = given.get(key)?.value;
    if (name === undefined) tree[section] = value;
    else tree[section] = { ...(tree[section] as object | undefined), [name]: value };
  }
  return tree;
}

function fileErrors(
  keys: readonly string[],
  file: unknown,
  written: readonly (readonly [string, unknown])[],
): ConfigError[] {
  if (file !== undefined && file !== null && !isMapping(file)) {
    return [{ key: 'config/latchkey.yaml', value: null, problem: 'must hold sections and keys, as its example does' }];
  }
  return written.flatMap(([path, value], index) => {
    const problem = problemOfPath(keys, path, value, written.slice(0, index));
    return problem === undefined ? [] : [{ key: path, value: null, problem }];
  });
}

function problemOfPath(
  keys: readonly string[],
  path: string,
  value: unknown,
  before: readonly (readonly [string, unknown])[],
): string | undefined {
  const [, ofEnvironment] = Object.entries(environmentOnly).find((names) => names.includes(path)) ?? [];
  if (ofEnvironment) return `belongs in the environment only, as ${ofEnvironment}: take it out of the file`;
  if (keys.includes(path)) return before.some(([other]) => other === path) ? 'is there twice: keep one' : undefined;

  const inner = keys.filter((key) => key.startsWith(`${path}.`) && !(key in environmentOnly));
  const spellings = keys.map((key) => environmentOnly[key] ?? key);
  if (inner.length === 0) return unknown(path, spellings);
  const names = inner.map((key) => key.slice(path.length + 1)).join(', ');
  // A section whose keys are all commented out is blank.
  return value === null || isMapping(value) ? undefined : `is a section: its keys (${names}) stand indented below it`;
}

function environmentErrors(keys: readonly string[], env: Environment): ConfigError[] {
  const names = keys.map(environmentName);
  return Object.keys(env)
    .filter((name) => name.startsWith('LATCHKEY_') && !names.includes(name) && textOf(env[name]) !== undefined)
    .map((name) => ({ key: name, value: null, problem: unknown(name, names) }));
}

function unknown(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? 'is not a known key' : `is not a known key: did you mean ${nearest}?`;
}
