import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config/schema.ts';
import { addressNote, proxyNote, trustedProxiesNote } from './domain/notes.ts';
import { isFromWrongClock, minuteMs } from './domain/values/calendar.ts';
import type { CliContext } from './cli/framework/context.ts';
import type { HttpAlert } from './http/alerts.ts';
import { startHttp } from './http/start-http.ts';
import type { Log } from './log/log.ts';
import { createServices, type Services } from './services/services.ts';
import { readMasterKey } from './storage/master-key.ts';
import { type NewStore, rememberStoreFolder, requireStoreFolder } from './storage/store-folder.ts';
import { isServerRunning, openStorage, restoreStore } from './storage/open-storage.ts';
import type { Storage } from './storage/port/storage.ts';
import { storeFile } from './storage/store-files.ts';
import { createVault, type Vault } from './storage/vault.ts';
import { stopTogether } from './stop-together.ts';

/** How long the server only answers client programs before it loads the bot. */
const firstChecksMs = 50;

/** Replacements for the clock and the source of randomness, for tests. */
export interface Overrides {
  readonly clock?: () => Date;
  readonly randomBytes?: (size: number) => Buffer;
}

interface OpenStore {
  readonly storage: Storage;
  readonly services: Services;
  readonly vault: Vault;
  /** The file of a master key that was generated just now; null: there was a key already. */
  readonly masterKeyMadeIn: string | null;
}

/** Whether a store may be made where there is none. */
interface StoreMaking {
  readonly newStore?: NewStore | undefined;
  /** The files in which this installation notes where it had a store; none when left out. */
  readonly storeLists?: readonly string[] | undefined;
}

interface OpenOptions extends StoreMaking {
  /** true: opens as the server, of which the embedded store admits only one. The command line opens with false. */
  readonly server: boolean;
  /** The URL at which client programs reach the server. */
  readonly publicUrl: () => string;
  readonly onError?: (error: unknown) => void;
}

/** Opens the configured store and creates the services on it. Rejects with one sentence where it must not be opened. */
export async function openStore(config: Config, options: OpenOptions, overrides: Overrides = {}): Promise<OpenStore> {
  const clock = overrides.clock ?? (() => new Date());
  const random = overrides.randomBytes ?? randomBytes;
  const { dir, durability } = config.data;
  const { server, publicUrl, storeLists: lists = [], ...listeners } = options;
  const newStore = options.newStore ?? (server ? 'where-none-was' : 'never');
  const { mongodbUri } = config;
  const isEmbedded = mongodbUri === null;
  if (isEmbedded) requireStoreFolder({ dir, newStore, lists });
  const { key, madeIn } = readMasterKey(dir, config.masterKey, random, newStore !== 'never');
  const storage = await openStorage({
    mongodbUri,
    dir,
    masterKey: key,
    clock,
    random,
    durability,
    server,
    mayMakeStore: newStore !== 'never',
    ...listeners,
  });
  if (isEmbedded) rememberStoreFolder({ dir, lists });
  // A clock that a test moves says itself how much time has passed.
  const elapsed = overrides.clock ? {} : { elapsedMs: () => performance.now() };
  const services = createServices({ storage, clock, ...elapsed, randomBytes: random, publicUrl });
  return { storage, services, vault: createVault(key), masterKeyMadeIn: madeIn };
}

function describeNewMasterKey(file: string): string {
  return `Generated the master key in ${file}. Keep a copy apart from the data: without this key no license key can be read.`;
}

export interface RunningApp {
  /** The port that the server listens on; chosen by the system where port 0 is configured. */
  readonly port: number;
  readonly opsPort: number | null;
  readonly url: string;
  readonly publicUrl: string;
  /** Resolves when the bot is connected for the first time or cannot ever connect; at once where there is no bot. */
  readonly botStarted: Promise<void>;
  /** Answers the accepted requests, for at most 10 s, and closes the store. */
  stop(): Promise<void>;
  /**
   * Reads the certificate and its key again. false: none is configured. Throws, and keeps the old certificate, where the
   * files do not match.
   */
  reloadTls(): boolean;
}

/** A failing store reports its error with every group of checks. This logs it at most once in ten seconds. */
function logStoreErrors(log: Log, clock: () => Date): (error: unknown) => void {
  const quietMs = 10_000;
  let quietUntil = 0;
  return (error) => {
    const now = clock().getTime();
    if (now < quietUntil && !isFromWrongClock(quietUntil, quietMs, now)) return;
    quietUntil = now + quietMs;
    log.error('The store does not work: checks are answered as unavailable', { error });
  };
}

/** For all parts together. A job or an upload that takes longer is interrupted, and repeated after the next start. */
const stopGraceMs = 10_000;

/** Starts the parts of the configured roles. If one cannot start, stops the others and rejects with one sentence. */
export async function startApp(
  config: Config,
  log: Log,
  overrides: Overrides = {},
  { newStore = 'where-none-was', storeLists }: StoreMaking = {},
): Promise<RunningApp> {
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
        newStore,
        storeLists,
        publicUrl: () => publicUrl,
        onError: logStoreErrors(log, clock),
      },
      overrides,
    );
    closeStore = () => storage.close();
    if (masterKeyMadeIn !== null) log.warn(describeNewMasterKey(masterKeyMadeIn));

    const watchClock = async () => {
      for (const text of await services.clock.watch()) log.warn(text);
    };
    // Before anything else, because entries of a wrong time would hide that it is wrong.
    await watchClock();
    const clockTimer = setInterval(() => {
      watchClock().catch((error: unknown) => {
        log.error('The clock could not be compared with the store', { error });
      });
    }, minuteMs);
    parts.push(() => {
      clearInterval(clockTimer);
      return Promise.resolve();
    });

    let botState = () => 'off';
    const http = await startHttp({
      config,
      checkLicense: services.checkLicense,
      signChallenge: services.signChallenge,
      services,
      recordRejectedRequests: async (counts, keepSince) => {
        // While the clock cannot be believed no count is removed as old.
        const isDoubted = (await services.clock.doubt()) !== null;
        await storage.recordRejectedRequests(counts, isDoubted ? new Date(0) : keepSince);
      },
      ping: () => storage.ping(),
      botState: () => botState(),
      onAlert: (alert) => {
        log.warn(alert.text);
        notifyStaff(alert).catch((error: unknown) => {
          log.error('An alert could not be stored', { error });
        });
      },
      now: clock,
      log,
    });
    parts.push(() => http.stop());
    publicUrl = http.publicUrl;
    if (config.roles.includes('api')) {
      await storage.setNote(addressNote, http.url, null);
      await storage.setNote(trustedProxiesNote, config.http.trustedProxies.join(','), null);
    }

    async function notifyStaff(alert: HttpAlert): Promise<void> {
      if (alert.kind === 'undeclared-proxy') {
        await storage.setNote(proxyNote, `${clock().toISOString()} ${alert.subject}`, null);
      }
      await services.alerts.raiseEverywhere(alert);
    }

    let botStarted = Promise.resolve();
    const { token, apiUrl } = config.discord;
    if (config.roles.includes('bot') && token !== null) {
      // discord.js is imported only here, so that a process without a bot does not spend its time and memory. Loading it
      // blocks the event loop for a moment, so client programs that waited for the server to start are answered first.
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
      const [{ createJobs }, { readStoreDisk }, { startScheduler }] = await Promise.all([
        import('./jobs/create-jobs.ts'),
        import('./jobs/disk-space.ts'),
        import('./jobs/scheduler.ts'),
      ]);
      const embedded =
        config.mongodbUri === null
          ? {
              backupDir: join(config.data.dir, 'backups'),
              readDisk: () => readStoreDisk(storeFile(config.data.dir)),
            }
          : null;
      const jobs = createJobs({ services, storage, now: clock, embedded });
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

/** Runs one command of `latchkey` on the configured store, also while a server runs. Returns its exit code. */
export async function runCommandLine(
  args: readonly string[],
  config: Config,
  streams: CommandStreams,
  storeLists: readonly string[] = [],
): Promise<number> {
  // The commands are imported only here, because a server never runs them and would spend time and memory on them.
  const [{ runCli }, { isServerAnswering }] = await Promise.all([
    import('./cli/cli.ts'),
    import('./cli/framework/server-url.ts'),
  ]);
  const clock = () => new Date();
  const { dir } = config.data;
  const { masterKey, mongodbUri } = config;
  /** Only few commands need Discord's modules, which take long to load. */
  const importCommands = async () => {
    const { clientId: applicationId, apiUrl } = config.discord;
    const modules = await Promise.all([import('./discord/register-without-bot.ts'), import('../commands/index.ts')]);
    return { ...modules[0], ...modules[1], applicationId, apiUrl };
  };
  return runCli(args, {
    ...streams,
    config,
    version: readVersion(),
    now: clock,
    platform: process.platform,
    open: async (newStore = 'never') => {
      const publicUrl = config.http.publicUrl ?? `http://${config.http.host}:${config.http.port}`;
      const { storage, services, masterKeyMadeIn } = await openStore(config, {
        server: false,
        newStore,
        storeLists,
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
    isDiscordUser: async (userId) => {
      const { token, apiUrl } = config.discord;
      if (token === null) return null;
      const { isDiscordUser } = await import('./discord/find-user-without-bot.ts');
      return isDiscordUser({ token, apiUrl, userId });
    },
    registerCommands: async ({ clear, ...input }) => {
      const { registerWithoutBot, commands, ...access } = await importCommands();
      return registerWithoutBot({ ...access, ...input, commands: clear ? [] : commands });
    },
    inspectCommands: async (input) => {
      const { inspectCommandsWithoutBot, ...access } = await importCommands();
      return inspectCommandsWithoutBot({ ...access, ...input });
    },
  });
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
