import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config/schema.ts';
import { addressNote, proxyNote } from './domain/notes.ts';
import type { CliContext } from './cli/framework/context.ts';
import type { HttpAlert } from './http/alerts.ts';
import { startHttp } from './http/start-http.ts';
import type { Log } from './log/log.ts';
import { createServices, type Services } from './services/services.ts';
import { readMasterKey } from './storage/master-key.ts';
import { isServerRunning, openStorage, restoreStore } from './storage/open-storage.ts';
import type { Storage } from './storage/port/storage.ts';
import { createVault, type Vault } from './storage/vault.ts';
import { stopTogether } from './stop-together.ts';

/** How long client programs have the server for themselves before the bot is loaded. */
const firstChecksMs = 50;

/** What tests put in the place of the real thing. */
export interface Overrides {
  readonly clock?: () => Date;
  readonly randomBytes?: (size: number) => Buffer;
}

interface OpenStore {
  readonly storage: Storage;
  readonly services: Services;
  readonly vault: Vault;
  /** The file in which a master key was made just now; null: there was one. */
  readonly masterKeyMadeIn: string | null;
}

interface OpenOptions {
  /** There is one server on a store; the command line works beside it. */
  readonly server: boolean;
  /** The address that clients know. */
  readonly publicUrl: () => string;
  readonly onError?: (error: unknown) => void;
}

/** Opens the configured store with the use cases on top. Rejects with one sentence where it must not be opened. */
export async function openStore(config: Config, options: OpenOptions, overrides: Overrides = {}): Promise<OpenStore> {
  const clock = overrides.clock ?? (() => new Date());
  const random = overrides.randomBytes ?? randomBytes;
  const { dir, durability } = config.data;
  const { key, madeIn } = readMasterKey(dir, config.masterKey, random);
  const { server, publicUrl, ...told } = options;
  const { mongodbUri } = config;
  const storage = await openStorage({ mongodbUri, dir, masterKey: key, clock, random, durability, server, ...told });
  const services = createServices({ storage, clock, randomBytes: random, publicUrl });
  return { storage, services, vault: createVault(key), masterKeyMadeIn: madeIn };
}

function describeNewMasterKey(file: string): string {
  return `Made the master key in ${file}. Back it up apart from the data: without it no license key can be read again.`;
}

export interface RunningApp {
  /** What it listens on. */
  readonly port: number;
  readonly opsPort: number | null;
  readonly url: string;
  readonly publicUrl: string;
  /** Settles when the bot is connected for the first time, or never can be; at once where there is none. */
  readonly botStarted: Promise<void>;
  /** Finishes what it has accepted, at most 10 s, and closes the store. */
  stop(): Promise<void>;
  /** False where there is none. Throws, and keeps the old certificate, where the files do not fit. */
  reloadTls(): boolean;
}

/** A store in trouble says so with every group of checks; the log needs it once in ten seconds. */
function logStoreErrors(log: Log, clock: () => Date): (error: unknown) => void {
  let quietUntil = 0;
  return (error) => {
    const now = clock().getTime();
    if (now < quietUntil) return;
    quietUntil = now + 10_000;
    log.error('The store is in trouble: checks are answered as unavailable', { error });
  };
}

/** Of all parts together: a job or an upload that takes longer is cut off, and repeated after the next start. */
const stopGraceMs = 10_000;

/** Starts what the configured roles say. Rejects with one sentence, leaving nothing running, where that cannot be. */
export async function startApp(config: Config, log: Log, overrides: Overrides = {}): Promise<RunningApp> {
  const clock = overrides.clock ?? (() => new Date());
  const parts: (() => Promise<void>)[] = [];
  let closeStore = () => Promise.resolve();
  const stop = async () => {
    try {
      await stopTogether(parts.splice(0), stopGraceMs);
    } finally {
      await closeStore();
    }
  };

  try {
    let publicUrl = '';
    const { storage, services, vault, masterKeyMadeIn } = await openStore(
      config,
      {
        server: true,
        publicUrl: () => publicUrl,
        onError: logStoreErrors(log, clock),
      },
      overrides,
    );
    closeStore = () => storage.close();
    if (masterKeyMadeIn !== null) log.warn(describeNewMasterKey(masterKeyMadeIn));

    let botState = () => 'off';
    const http = await startHttp({
      config,
      checkLicense: services.checkLicense,
      signChallenge: services.signChallenge,
      services,
      recordRefusals: (counts, keepSince) => storage.recordRejectedRequests(counts, keepSince),
      ping: () => storage.ping(),
      botState: () => botState(),
      onAlert: (alert) => {
        log.warn(alert.text);
        tellStaff(alert).catch((error: unknown) => {
          log.error('An alert could not be stored', { error });
        });
      },
      now: clock,
      log,
    });
    parts.push(() => http.stop());
    publicUrl = http.publicUrl;
    if (config.roles.includes('api')) await storage.setNote(addressNote, http.url, null);

    async function tellStaff(alert: HttpAlert): Promise<void> {
      if (alert.kind === 'undeclared-proxy') {
        await storage.setNote(proxyNote, `${clock().toISOString()} ${alert.subject}`, null);
      }
      await services.alerts.raiseEverywhere(alert);
    }

    let botStarted = Promise.resolve();
    const { token, apiUrl } = config.discord;
    if (config.roles.includes('bot') && token !== null) {
      // discord.js takes time and memory that a process without a bot does not spend. Loading it holds up everything for
      // a moment, and client programs that waited for the server come first.
      await wait(firstChecksMs);
      const [{ startBot }, { commands }, { events }] = await Promise.all([
        import('./discord/bot.ts'),
        import('../commands/index.ts'),
        import('../events/index.ts'),
      ]);
      const bot = await startBot({
        config: { discord: { token, apiUrl }, guilds: config.guilds },
        services,
        storage,
        commands,
        events,
        clock,
        randomBytes: overrides.randomBytes ?? randomBytes,
        sign: (text) => vault.sign('custom-id', text),
        log,
      });
      parts.push(() => bot.stop());
      botState = () => bot.state();
      botStarted = bot.started;
    }
    if (config.roles.includes('jobs')) {
      const [{ createJobs }, { startScheduler }] = await Promise.all([
        import('./jobs/create-jobs.ts'),
        import('./jobs/scheduler.ts'),
      ]);
      const backupDir = config.mongodbUri === null ? join(config.data.dir, 'backups') : null;
      const jobs = createJobs({ services, storage, now: clock, backupDir });
      const holder = `${hostname()} ${process.pid}`;
      const scheduler = startScheduler({ jobs, storage, log, now: clock, holder });
      parts.push(() => scheduler.stop());
    }

    return {
      port: http.port,
      opsPort: http.opsPort,
      url: http.url,
      publicUrl,
      botStarted,
      stop,
      reloadTls: () => http.reloadTls(),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The streams that a command reads from and writes to. */
export type CommandStreams = Pick<CliContext, 'stdin' | 'stdout' | 'stderr'>;

/** Runs one command of `latchkey` on the configured store, also beside a running server. Answers its exit code. */
export async function runCommandLine(
  args: readonly string[],
  config: Config,
  streams: CommandStreams,
): Promise<number> {
  // A server never runs commands, and loading them would cost it time and memory.
  const [{ runCli }, { isServerAnswering }] = await Promise.all([
    import('./cli/cli.ts'),
    import('./cli/framework/server-url.ts'),
  ]);
  const clock = () => new Date();
  const { dir } = config.data;
  const { masterKey, mongodbUri } = config;
  return runCli(args, {
    ...streams,
    config,
    version: readVersion(),
    now: clock,
    platform: process.platform,
    open: async () => {
      const publicUrl = config.http.publicUrl ?? `http://${config.http.host}:${config.http.port}`;
      const { storage, services, masterKeyMadeIn } = await openStore(config, {
        server: false,
        publicUrl: () => publicUrl,
      });
      if (masterKeyMadeIn !== null) streams.stderr.write(`${describeNewMasterKey(masterKeyMadeIn)}\n`);
      return { storage, services, close: () => storage.close() };
    },
    isServerRunning: () => (mongodbUri === null ? isServerRunning(dir) : isServerAnswering(config)),
    restore: (file) => restoreStore(file, { dir, masterKey, clock, random: randomBytes }),
    copyStore: async (from, to, { onStep, onWarning }) => {
      const { copyStores } = await import('./storage/copy-stores.ts');
      return copyStores({ from, to, masterKey, dataDir: dir, clock, random: randomBytes, onStep, onWarning });
    },
  });
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
