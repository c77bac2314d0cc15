import { type ConfigError, nearestKey } from './config-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Keys that are allowed only in the environment, each with the name of its variable. People copy a configuration file and
 * show it to others more readily than an environment, so secrets must not be in it.
 */
const environmentOnly: Readonly<Record<string, string>> = {
  'discord.token': 'DISCORD_TOKEN',
  'discord.clientId': 'DISCORD_CLIENT_ID',
  'discord.apiUrl': 'DISCORD_API_URL',
  mongodbUri: 'MONGODB_URI',
};

interface GivenSetting {
  /** The name under which the operator gave it: a variable or a key of the file. Errors use this name. */
  readonly spelling: string;
  readonly value: unknown;
}

export interface CollectedSettings {
  /** The given values as text, nested by section as the schema expects them. */
  readonly tree: Readonly<Record<string, unknown>>;
  /**
   * The name of a key for error messages, as the operator gave it. A key that was not given is named in the style of
   * `neighbour`: as a variable if the neighbour is one.
   */
  readonly spellingOf: (key: string, neighbour?: string) => string;
  readonly isSet: (key: string) => boolean;
  readonly errors: ConfigError[];
}

/**
 * Merges the environment and the file into one set of settings, in which the environment wins, and reports names that
 * are unknown or not allowed. The values themselves are checked by the schema.
 */
export function collectSettings(keys: readonly string[], env: Environment, file: unknown): CollectedSettings {
  const written = flatten(file);
  const errors = [...findFileErrors(keys, file, written), ...findEnvironmentErrors(keys, env)];

  const given = new Map<string, GivenSetting>();
  for (const key of keys) {
    const name = toEnvironmentName(key);
    const fromEnv = toText(env[name]);
    const fromFile = toText(written.find(([path]) => path === key)?.[1]);
    if (fromEnv !== undefined) given.set(key, { spelling: name, value: fromEnv });
    else if (fromFile !== undefined && !(key in environmentOnly)) given.set(key, { spelling: key, value: fromFile });
  }
  for (const [key, setting] of readHostingDefaults(env)) if (!given.has(key)) given.set(key, setting);

  return {
    tree: toTree(keys, given),
    isSet: (key) => given.has(key),
    spellingOf(key, neighbour = key) {
      const isOfEnvironment = key in environmentOnly || given.get(neighbour)?.spelling === toEnvironmentName(neighbour);
      return given.get(key)?.spelling ?? (isOfEnvironment ? toEnvironmentName(key) : key);
    },
    errors,
  };
}

/** `http.publicUrl` → `LATCHKEY_HTTP_PUBLIC_URL`. */
function toEnvironmentName(key: string): string {
  const words = key.replace(/\./g, '_').replace(/[A-Z]/g, (letter) => `_${letter}`);
  return environmentOnly[key] ?? `LATCHKEY_${words.toUpperCase()}`;
}

/**
 * Game panels (which set P_SERVER_UUID) and hosting platforms announce the port to listen on in the environment. They
 * connect from outside the container, so the server then listens on all interfaces.
 */
function readHostingDefaults(env: Environment): [string, GivenSetting][] {
  const isPanel = toText(env.P_SERVER_UUID) !== undefined;
  const portName = (isPanel ? ['SERVER_PORT', 'PORT'] : ['PORT']).find((name) => toText(env[name]) !== undefined);
  if (!isPanel && portName === undefined) return [];
  const host: [string, GivenSetting] = ['http.host', { spelling: 'http.host', value: '0.0.0.0' }];
  return portName === undefined ? [host] : [host, ['http.port', { spelling: portName, value: toText(env[portName]) }]];
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

/** A scalar as trimmed text, because the schema parses text wherever a value comes from; undefined where it is blank. */
function toText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => toText(entry) ?? '');
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.trim() || undefined;
  return value ?? undefined;
}

function toTree(keys: readonly string[], given: ReadonlyMap<string, GivenSetting>): Readonly<Record<string, unknown>> {
  const tree: Record<string, unknown> = {};
  for (const key of keys) {
    const [section = '', name] = key.split('.');
    const value = given.get(key)?.value;
    if (name === undefined) tree[section] = value;
    else tree[section] = { ...(tree[section] as object | undefined), [name]: value };
  }
  return tree;
}

function findFileErrors(
  keys: readonly string[],
  file: unknown,
  written: readonly (readonly [string, unknown])[],
): ConfigError[] {
  if (file !== undefined && file !== null && !isMapping(file)) {
    return [
      {
        key: 'config/latchkey.yaml',
        value: null,
        problem: 'must contain sections and keys, as config/latchkey.example.yaml does',
      },
    ];
  }
  return written.flatMap(([path, value], index) => {
    const problem = findPathProblem(keys, path, value, written.slice(0, index));
    return problem === undefined ? [] : [{ key: path, value: null, problem }];
  });
}

function findPathProblem(
  keys: readonly string[],
  path: string,
  value: unknown,
  before: readonly (readonly [string, unknown])[],
): string | undefined {
  const [, variable] = Object.entries(environmentOnly).find((names) => names.includes(path)) ?? [];
  if (variable) return `is allowed only in the environment, as ${variable}: remove it from the file`;
  if (keys.includes(path)) return before.some(([other]) => other === path) ? 'is given twice: keep one' : undefined;

  const inner = keys.filter((key) => key.startsWith(`${path}.`) && !(key in environmentOnly));
  const spellings = keys.map((key) => environmentOnly[key] ?? key);
  if (inner.length === 0) return describeUnknownKey(path, spellings);
  const names = inner.map((key) => key.slice(path.length + 1)).join(', ');
  // A section whose keys are all commented out has the value null. The example file starts out like that.
  return value === null || isMapping(value) ? undefined : `is a section: indent its keys (${names}) below it`;
}

function findEnvironmentErrors(keys: readonly string[], env: Environment): ConfigError[] {
  const names = keys.map(toEnvironmentName);
  return Object.keys(env)
    .filter((name) => name.startsWith('LATCHKEY_') && !names.includes(name) && toText(env[name]) !== undefined)
    .map((name) => ({ key: name, value: null, problem: describeUnknownKey(name, names) }));
}

function describeUnknownKey(name: string, candidates: readonly string[]): string {
  const nearest = nearestKey(name, candidates);
  return nearest === undefined ? 'is not a known key' : `is not a known key: did you mean ${nearest}?`;
}
