import type { Metrics } from './metrics.ts';
import { type HttpResponse, jsonResponse, type Route } from './route.ts';

export interface HealthOptions {
  /** Rejects when the store cannot be written. */
  readonly ping: () => Promise<void>;
  /** `off`, `connecting`, `connected`, … */
  readonly botState: () => string;
  readonly isStopping: () => boolean;
  readonly now: () => Date;
}

/** The store is asked at most once in this time, because anyone can request `/readyz` as often as they like. */
const pingEveryMs = 1_000;

/** `/healthz`: the process is alive. `/readyz`: its store answers, with the bot's state as a field. */
export function createHealthRoutes({ ping, botState, isStopping, now }: HealthOptions): readonly Route[] {
  let lastPing: { readonly at: number; readonly succeeds: Promise<boolean> } | null = null;

  function isStoreAvailable(): Promise<boolean> {
    const at = now().getTime();
    if (!lastPing || Math.abs(at - lastPing.at) >= pingEveryMs) {
      const succeeds = ping().then(
        () => true,
        () => false,
      );
      lastPing = { at, succeeds };
    }
    return lastPing.succeeds;
  }

  const alive = jsonResponse(200, { status: 'ok' });
  return [
    getRoute('/healthz', () => Promise.resolve(alive)),
    getRoute('/readyz', async () => {
      const store = await isStoreAvailable();
      const ready = store && !isStopping();
      const status = ready ? 'ready' : isStopping() ? 'stopping' : 'unavailable';
      return jsonResponse(ready ? 200 : 503, { status, store: store ? 'ok' : 'unavailable', bot: botState() });
    }),
  ];
}

/** `/metrics`, which is served on the ops port only. */
export function createMetricsRoute(metrics: Metrics): Route {
  return getRoute('/metrics', async () => ({
    status: 200,
    headers: { 'Content-Type': metrics.contentType },
    body: await metrics.text(),
  }));
}

function getRoute(path: string, handle: () => Promise<HttpResponse>): Route {
  return {
    path,
    auth: 'public',
    methods: ['GET', 'HEAD'],
    headers: {},
    handle,
    wrongMethod: jsonResponse(405, { error: 'method_not_allowed' }),
    failed: jsonResponse(500, { error: 'internal_server_error' }),
  };
}
