import type { Protocol, RejectedRequestCount } from '../domain/attempt.ts';
import type { Log } from '../log/log.ts';
import type { CheckLicense } from '../services/check-license.ts';
import { createAlerts, type HttpAlert } from './alerts.ts';
import { type ApiKeyRouteContext, createApiKeyRoute } from './api-key-route.ts';
import { type CheckResult, createCheckRoute } from './check-route.ts';
import { createClientReader } from './client-ip.ts';
import { createGuard } from './guard.ts';
import type { Metrics } from './metrics.ts';
import { createHealthRoutes, createMetricsRoute } from './ops.ts';
import { createLicenseGateAdmin } from './protocols/licensegate-admin/index.ts';
import type { AdminServices } from './protocols/licensegate-admin/admin-services.ts';
import { createClassloader } from './protocols/lukittu/classloader.ts';
import type { ProtocolContext } from './protocols/protocol.ts';
import { createProtocols } from './protocols/protocols.ts';
import { createRateLimit } from './rate-limit.ts';
import { createRejectedRequests } from './rejected-requests.ts';
import { openServer, type Timeouts } from './server.ts';
import { createTurns } from './turns.ts';

/** The part of the configuration that concerns HTTP. */
export interface HttpConfig {
  /** Without the role `api` there are no routes for checks and management. */
  readonly roles: readonly string[];
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string | null;
    readonly trustedProxies: readonly string[];
    readonly clientIpHeader: string;
    readonly countryHeader: string | null;
    readonly tlsCert: string | null;
    readonly tlsKey: string | null;
  };
  readonly ops: { readonly host: string; readonly port: number };
  readonly rateLimit: Readonly<Record<Protocol, number>>;
  readonly guard: { readonly failures: number; readonly windowMinutes: number; readonly blockMinutes: number };
}

export interface HttpOptions {
  readonly config: HttpConfig;
  readonly checkLicense: CheckLicense;
  readonly signChallenge: ProtocolContext['sign'];
  /** The services that the management APIs use. */
  readonly services: AdminServices;
  readonly recordRejectedRequests: (counts: readonly RejectedRequestCount[], keepSince: Date) => Promise<void>;
  /** Rejects when the store cannot be written. */
  readonly ping: () => Promise<void>;
  readonly botState: () => string;
  readonly onAlert: (alert: HttpAlert) => void;
  readonly now: () => Date;
  readonly log: Log;
  readonly timeouts?: Partial<Timeouts & { readonly bodyMs: number; readonly checkMs: number }>;
}

export interface RunningHttp {
  readonly port: number;
  /** null: there is no ops port. */
  readonly opsPort: number | null;
  /** The URL at which the server listens. */
  readonly url: string;
  /** The URL that clients know. */
  readonly publicUrl: string;
  /** Answers what has arrived, for at most 10 s, and writes the last counts. `/readyz` answers 503 meanwhile. */
  stop(): Promise<void>;
  /** As `RunningServer.reloadTls`. */
  reloadTls(): boolean;
}

const flushEveryMs = 5_000;
/** Stopping may take 10 s, of which the public port may use 9 s. */
const opsGraceMs = 500;
/** The store promises an answer within 1.8 s. This deadline is for a store that breaks its promise. */
const checkDeadlineMs = 1_900;
const bodyTimeoutMs = 5_000;

/** Starts the server on the public port and, unless it is off, on the ops port. Rejects where it cannot listen on one. */
export async function startHttp(options: HttpOptions): Promise<RunningHttp> {
  const { config, now, log } = options;
  const { tlsCert, tlsKey } = config.http;
  let publicUrl = config.http.publicUrl ?? '';
  let isStopping = false;

  const alerts = createAlerts({ now, onAlert: options.onAlert });
  const rateLimit = createRateLimit({ now });
  const guard = createGuard({ ...config.guard, now, onBlock: alerts.guardBlock });
  const rejectedRequests = createRejectedRequests({
    now,
    record: options.recordRejectedRequests,
    onError: (error) => {
      log.warn('Rejected requests were counted but the counts could not be written', { error });
    },
  });
  /** Checks that were answered before the metrics were loaded. */
  const early: (readonly [Protocol, CheckResult, number])[] = [];
  let countCheck: Metrics['countCheck'] = config.ops.port === 0 ? () => undefined : (...check) => early.push(check);

  const context = {
    checkLicense: options.checkLicense,
    readClient: createClientReader(config.http),
    rateLimit,
    limits: config.rateLimit,
    guard,
    rejectedRequests,
    onUndeclaredProxy: alerts.undeclaredProxy,
    onAnswer: (protocol: Protocol, result: CheckResult, tookMs: number) => {
      countCheck(protocol, result, tookMs);
    },
    deadlineMs: options.timeouts?.checkMs ?? checkDeadlineMs,
    bodyTimeoutMs: options.timeouts?.bodyMs ?? bodyTimeoutMs,
  };
  const checkRoutes = createProtocols({ publicUrl: () => publicUrl, now, sign: options.signChallenge }).flatMap(
    ({ name, routes }) => routes.map((route) => createCheckRoute(name, route, context)),
  );
  const { apiKeys } = options.services;
  const identify: ApiKeyRouteContext['identify'] = (secret) => apiKeys.identify(secret);
  const management = { ...context, identify };
  const managementRoutes = createLicenseGateAdmin(options.services, now, createTurns()).map((route) =>
    createApiKeyRoute('licensegate', route, management),
  );
  const classloader = createClassloader({
    ...context,
    now,
    isTeam: async (teamId) => (await options.services.guilds.list()).some((guild) => guild.teamId === teamId),
  });
  const health = createHealthRoutes({
    ping: options.ping,
    botState: options.botState,
    isStopping: () => isStopping,
    now,
  });
  const onError = (error: unknown) => {
    log.error('A request failed', { error });
  };
  const timeouts = options.timeouts ?? {};

  const main = await openServer({
    host: config.http.host,
    port: config.http.port,
    ...(config.roles.includes('api')
      ? { checkRoutes, routes: [classloader, ...managementRoutes, ...health] }
      : { routes: health }),
    tls: tlsCert !== null && tlsKey !== null ? { cert: tlsCert, key: tlsKey } : null,
    onError,
    timeouts,
  });
  publicUrl ||= main.url;
  await main.loaded;
  const ops = config.ops.port === 0 ? null : await openOps();
  const flushing = setInterval(() => {
    rateLimit.sweep();
    guard.sweep();
    void rejectedRequests.flush();
  }, flushEveryMs);

  /** The library of the metrics is loaded when checks are answered already, because that takes a tenth of the start. */
  async function openMetrics(): Promise<Metrics> {
    const { createMetrics } = await import('./metrics.ts');
    const metrics = createMetrics({ countAddresses: () => rateLimit.size + guard.size });
    countCheck = metrics.countCheck;
    for (const check of early.splice(0)) countCheck(...check);
    return metrics;
  }

  async function openOps() {
    try {
      const routes = [...health, createMetricsRoute(await openMetrics())];
      const opsTimeouts = { ...timeouts, lingerMs: 0, graceMs: opsGraceMs };
      return await openServer({ ...config.ops, routes, tls: null, onError, timeouts: opsTimeouts });
    } catch (error) {
      await main.stop();
      throw error;
    }
  }

  return {
    port: main.port,
    opsPort: ops?.port ?? null,
    url: main.url,
    publicUrl,
    stop: async () => {
      isStopping = true;
      clearInterval(flushing);
      // The ops port goes last, so that it answers 503 to probes of the readiness until then.
      await main.stop();
      await ops?.stop();
      await rejectedRequests.flush();
    },
    reloadTls: () => main.reloadTls(),
  };
}
