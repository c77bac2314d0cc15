import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { describeConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load.ts';
import { type Config, secretsOf } from '../config/schema.ts';
import type { RunningApp } from './app.ts';
import type { Log } from './log/log.ts';

const root = new URL('..', import.meta.url);

const args = process.argv.slice(2);
const newStoreFlag = '--new-store';
// The program's folder is read-only for many services, but they can write the folder of compiled code.
const storeLists = ['.latchkey-stores', 'node_modules/.cache/latchkey-stores'].map((name) =>
  fileURLToPath(new URL(name, root)),
);
const result = loadConfig(fileURLToPath(root));
if (!result.ok) {
  const errors = result.errors.map((error) => `  ${describeConfigError(error)}\n`);
  process.stderr.write(`Latchkey cannot start, because the configuration has errors:\n${errors.join('')}`);
  process.exitCode = 1;
} else if (args.every((word) => word === newStoreFlag || word === 'start')) {
  await serve(result.config, result.warnings);
} else {
  const { runCommandLine } = await import('./app.ts');
  process.exitCode = await runCommandLine(
    args,
    result.config,
    {
      stdout: process.stdout,
      stderr: process.stderr,
      stdin: process.stdin,
    },
    storeLists,
  );
}

async function serve(config: Config, warnings: readonly string[]): Promise<void> {
  const [{ startApp }, { createLog }] = await Promise.all([import('./app.ts'), import('./log/log.ts')]);
  const log = createLog({ level: config.log.level, format: config.log.format, secrets: secretsOf(config) });
  for (const warning of warnings) log.warn(warning);

  let app;
  try {
    const newStore = args.includes(newStoreFlag) ? 'always' : 'where-none-was';
    app = await startApp(config, log, {}, { newStore, storeLists });
  } catch (error) {
    log.error('Latchkey cannot start', { error });
    process.exitCode = 1;
    return;
  }
  // Before the log says that the server listens: a service manager may end it from then on.
  handleSignals(app, log);
  // index.js lowers this while modules load; from here on Node's default applies again.
  setFlagsFromString('--semi-space-growth-factor=2');
  log.info(describeAddress(config, app.url));
  if (config.discord.token === null && config.roles.includes('bot')) {
    log.info(
      'The Discord bot is off, because DISCORD_TOKEN is not set; license checks work without it. To turn it on, create an ' +
        'application at https://discord.com/developers/applications, copy the token from its page Bot into the file .env ' +
        'as DISCORD_TOKEN=…, and start again.',
    );
  }
}

/** SIGTERM and SIGINT stop the server; SIGHUP makes it read the certificate again. */
function handleSignals(app: RunningApp, log: Log): void {
  let isStopping = false;
  const end = (signal: NodeJS.Signals) => {
    if (isStopping) return;
    isStopping = true;
    log.info(`Stopping after ${signal}: accepted requests are still answered`);
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('Stopping failed', { error });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('SIGHUP', () => {
    try {
      log.info(app.reloadTls() ? 'Read the certificate again' : 'SIGHUP had no effect: no certificate is configured');
    } catch (error) {
      log.error('The new certificate cannot be used; the old one stays in use', { error });
    }
  });
}

function describeAddress(config: Config, url: string): string {
  if (!config.roles.includes('api')) {
    return `Listening on ${url} for /healthz and /readyz only: this process does not have the role api.`;
  }
  const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(config.http.host);
  if (!isLocal) return `Listening on ${url}. Other machines can reach it unless a firewall blocks them.`;
  if (config.http.publicUrl !== null) return `Listening on ${url}. Its public address is ${config.http.publicUrl}.`;
  return `Listening on ${url}. Only programs on this machine can reach it; README.md explains how to put it on the internet.`;
}
