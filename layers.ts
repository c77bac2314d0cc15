import { posix } from 'node:path';

/*
 * Who may import whom. ESLint (`eslint.config.js`) and `test/unit/imports.test.ts` read this one table, so that the
 * picture in docs/architecture.md stays true.
 */

const engine = ['src/domain', 'src/storage/port', 'src/storage', 'src/storage/copy', 'src/files'];
const engines = ['src/storage/sqlite', 'src/storage/mongo'];

/**
 * The layers by path, each with the layers that it may import beside itself. A file belongs to the layer with the
 * longest path that it starts with. `*`: the composition root, which may import everything.
 */
export const layers: Readonly<Record<string, readonly string[] | '*'>> = {
  'src/domain': [],
  'src/texts': ['src/domain'],
  'src/integration': ['src/domain'],
  'src/log': [],
  'src/files': [],
  config: ['src/domain', 'src/files'],
  'src/storage/port': ['src/domain'],
  'src/storage': ['src/domain', 'src/storage/port', 'src/files'],
  'src/storage/copy': ['src/domain', 'src/storage/port', 'src/storage'],
  'src/storage/sqlite': engine,
  'src/storage/mongo': engine,
  'src/storage/open-storage.ts': [...engine, ...engines],
  'src/storage/copy-stores.ts': [...engine, ...engines],
  'src/services': ['src/domain', 'src/storage/port', 'src/integration'],
  'src/http': ['src/domain', 'src/services', 'src/texts', 'src/log', 'src/files'],
  'src/jobs': ['src/domain', 'src/services', 'src/storage/port', 'src/log', 'src/files'],
  'src/cli': ['src/domain', 'src/services', 'src/storage/port', 'src/texts', 'src/integration', 'src/files', 'config'],
  'src/discord': ['src/domain', 'src/services', 'src/storage/port', 'src/texts', 'src/log'],
  commands: ['src/discord', 'src/domain', 'src/services', 'src/texts', 'src/integration'],
  events: ['src/discord', 'src/domain', 'src/services'],
  'src/stop-together.ts': [],
  'src/app.ts': '*',
  'src/main.ts': ['src/app.ts', 'config', 'src/log'],
  'index.js': ['src/main.ts'],
};

/** Packages that only these layers may import. A package that is not listed may be imported anywhere but in the domain. */
const owners: Readonly<Record<string, readonly string[]>> = {
  'discord.js': ['src/discord', 'commands', 'events'],
  '@discordjs/rest': ['src/discord'],
  express: ['src/http'],
  helmet: ['src/http'],
  mongoose: ['src/storage/mongo'],
  mongodb: ['src/storage/mongo'],
  'node:sqlite': ['src/storage/sqlite'],
  commander: ['src/cli'],
  winston: ['src/log'],
  'node-cron': ['src/jobs'],
  'prom-client': ['src/http'],
};

/** The domain does no I/O: these packages only compute. Of node:crypto it takes hashes; random numbers are arguments. */
const domainPackages = ['zod', 'ipaddr.js', 'node:crypto'];

/** The layer of a file, by its path from the root of the repository; null: it is in none, such as a test. */
export function layerOf(file: string): string | null {
  const holding = Object.keys(layers).filter((layer) => file === layer || file.startsWith(`${layer}/`));
  return holding.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** What is wrong with an import, as one sentence; null: nothing, or the importing file is in no layer. */
export function importProblem(file: string, specifier: string): string | null {
  const from = layerOf(file);
  if (from === null) return null;
  const allowed = layers[from] ?? [];
  if (allowed === '*') return null;
  if (!specifier.startsWith('.')) return packageProblem(from, specifier);
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  const to = layerOf(target);
  if (to === from || (to !== null && allowed.includes(to))) return null;
  return `${from} must not import ${to ?? target}: see layers.ts.`;
}

function packageProblem(from: string, specifier: string): string | null {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (from === 'src/domain' && !domainPackages.includes(name))
    return `The domain must not import ${name}: it does no I/O.`;
  const owning = owners[name];
  if (owning === undefined || owning.includes(from)) return null;
  return `Only ${owning.join(', ')} may import ${name}: see layers.ts.`;
}
