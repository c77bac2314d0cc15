import { randomBytes } from 'node:crypto';
import type { HttpAlert } from '../../../src/http/alerts.ts';
import { type HttpConfig, type HttpOptions, type RunningHttp, startHttp } from '../../../src/http/start-http.ts';
import { createCheckLicense } from '../../../src/services/check-license.ts';
import { createSignChallenge } from '../../../src/services/sign-challenge.ts';
import { createServices } from '../../../src/services/services.ts';
import type { Storage } from '../../../src/storage/port/storage.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { seedWorld, type WorldChanges } from './world.ts';
import type { WireStore, World } from './stores.ts';

/** What a test changes about the configuration: behind a proxy on loopback, nothing limited, 20 failures. */
export interface ConfigChanges {
  readonly rateLimit?: Partial<HttpConfig['rateLimit']>;
  readonly guard?: Partial<HttpConfig['guard']>;
  readonly http?: Partial<HttpConfig['http']>;
  readonly ops?: HttpConfig['ops'];
}

interface ServerOptions {
  readonly config?: ConfigChanges;
  readonly timeouts?: HttpOptions['timeouts'];
}

export interface WireOptions extends ServerOptions {
  readonly store: WireStore;
  readonly now?: string;
  readonly world?: WorldChanges;
}

export const usualNow = '2030-06-15T12:00:00.000Z';

export interface Wire {
  readonly storage: Storage;
  readonly http: RunningHttp;
  readonly clock: TestClock;
  readonly alerts: readonly HttpAlert[];
  /** What was logged as an error. */
  readonly errors: readonly unknown[];
  stop(): Promise<void>;
}

/**
 * A check on a machine under load must not be taken for a store that does not answer, and tests wait neither for clients
 * that come while a server stops nor for the end of a flood's connection.
 */
const testTimeouts = { checkMs: 15_000, lingerMs: 0, silenceMs: 10 };

/** A server on a free port over a store that holds the world of `seedWorld`. */
export async function startWire(options: WireOptions): Promise<Wire> {
  const { store, now = usualNow, world, ...server } = options;
  const clock = createTestClock(now);
  const storage = await store.open(clock.now);
  await seedWorld(storage, world);
  return startWireOn({ storage, clock, leave: () => storage.close() }, server);
}

/** A server on a free port over a world, which it leaves when it stops. */
export async function startWireOn(
  world: World,
  { config = {}, timeouts = testTimeouts }: ServerOptions,
): Promise<Wire> {
  const { storage, clock } = world;
  const alerts: HttpAlert[] = [];
  const errors: unknown[] = [];
  const http = await startHttp({
    config: {
      roles: ['api'],
      http: {
        host: '127.0.0.1',
        port: 0,
        publicUrl: 'https://license.example.com',
        trustedProxies: ['loopback'],
        clientIpHeader: 'x-forwarded-for',
        countryHeader: 'cf-ipcountry',
        tlsCert: null,
        tlsKey: null,
        ...config.http,
      },
      ops: config.ops ?? { host: '127.0.0.1', port: 0 },
      rateLimit: { tki: 0, faxstore: 0, sunlicense: 0, lukittu: 0, licensegate: 0, ...config.rateLimit },
      guard: { failures: 20, windowMinutes: 10, blockMinutes: 10, ...config.guard },
    },
    checkLicense: createCheckLicense({ storage }),
    signChallenge: createSignChallenge({ storage }),
    services: createServices({
      storage,
      clock: clock.now,
      randomBytes,
      publicUrl: () => 'https://license.example.com',
    }),
    recordRejectedRequests: (counts, keepSince) => storage.recordRejectedRequests(counts, keepSince),
    ping: () => storage.ping(),
    botState: () => 'off',
    onAlert: (alert) => alerts.push(alert),
    now: clock.now,
    log: { error: (_message, fields) => errors.push(fields), warn: () => 0, info: () => 0, debug: () => 0 },
    timeouts,
  });
  return {
    storage,
    http,
    clock,
    alerts,
    errors,
    stop: async () => {
      await http.stop();
      await world.leave();
    },
  };
}
