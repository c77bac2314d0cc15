import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { type Connections, trackConnections } from './connections.ts';
import { type HttpResponse, jsonResponse, type RawPath, type Route } from './route.ts';
import { createRouteTable, normalizeTarget, pathPattern, readPath } from './routing.ts';
import { streamBody } from './stream-body.ts';
import { readTls, type TlsFiles } from './tls.ts';

// An import of node:http reads all of its exports, one of which loads a client for WebSockets that a server does not need:
// 50 ms of the start and 13 MB.
const { createServer: createHttpServer } = process.getBuiltinModule('node:http');

export interface ServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Found before all others, in a table of their own: checks are most of what this server answers. None if left out. */
  readonly checkRoutes?: readonly Route[];
  /** The first route that matches the path answers. */
  readonly routes: readonly Route[];
  /** null: plain HTTP. */
  readonly tls: TlsFiles | null;
  /** Called with what a route throws; its client gets the route's `failed`. */
  readonly onError: (error: unknown) => void;
  readonly timeouts?: Partial<Timeouts>;
  /** More are turned away, so that a flood of idle ones cannot take all memory; 20,000 if left out. */
  readonly maxConnections?: number;
}

export interface Timeouts {
  /** From the connection, or the end of the previous request, to the last header. */
  readonly headersMs: number;
  /** From the same instant to the last byte of the request. */
  readonly requestMs: number;
  /** Between two requests. It must be longer than proxies keep idle connections: they would send into closed ones. */
  readonly keepAliveMs: number;
  /** How often the timeouts above are checked. */
  readonly checkEveryMs: number;
  /** How long a connection that sent a flood of requests is left unread before it is closed. */
  readonly silenceMs: number;
  /** How long `stop` goes on accepting connections and requests. */
  readonly lingerMs: number;
  /** How long `stop` waits for requests that have begun. */
  readonly graceMs: number;
}

export interface RunningServer {
  readonly port: number;
  /** `http(s)://host:port`, without a trailing slash. */
  readonly url: string;
  /** Settles when Express is loaded: checks are answered from the start, and requests for other routes wait for it. */
  readonly loaded: Promise<void>;
  /** Answers what has arrived, then closes all connections; takes at most `graceMs`. */
  stop(): Promise<void>;
  /**
   * Reads the PEM files again, for new connections; false: the server has none. Throws where they do not belong together,
   * and keeps the old certificate.
   */
  reloadTls(): boolean;
}

const defaultTimeouts: Timeouts = {
  headersMs: 5_000,
  requestMs: 10_000,
  keepAliveMs: 65_000,
  checkEveryMs: 1_000,
  silenceMs: 1_000,
  lingerMs: 100,
  // Stopping may take 10 s: the last second is for writing the counts of rejected requests.
  graceMs: 9_000,
};

const notFound: HttpResponse = { ...jsonResponse(404, { error: 'not_found' }), isRejection: true };
const failed = jsonResponse(500, { error: 'internal_server_error' });

/** Starts a server with these routes. Rejects where it cannot listen on the address. */
export async function openServer(options: ServerOptions): Promise<RunningServer> {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const server = createServer(options.tls, timeouts);
  server.maxConnections = options.maxConnections ?? 20_000;
  const connections = trackConnections(server, timeouts.silenceMs);

  /** `length`: the bytes of the body; null: not known, or the status has none. */
  const writeHead = (response: ServerResponse, answer: HttpResponse, headers: Headers, length: number | null): void => {
    const { req: request } = response;
    const { status, isRejection = false } = answer;
    // A client that is still sending a body that will not be read is cut off.
    const isCutOff = request.readableDidRead && !request.complete;
    const isLast = connections.countAnswer(response, isRejection) || isCutOff;
    const head: Record<string, string | number> = { ...answer.headers, ...headers, 'Cache-Control': 'no-store' };
    if (length !== null) head['Content-Length'] = length;
    if (isLast) head.Connection = 'close';
    response.writeHead(status, head);
  };
  const send: Send = (response, answer, headers) => {
    if (response.headersSent || response.destroyed) return undefined;
    const { status, body } = answer;
    if (typeof body === 'string') {
      writeHead(response, answer, headers, status === 204 ? null : Buffer.byteLength(body));
      response.end(body);
      return undefined;
    }
    return streamBody(response, body, () => {
      writeHead(response, answer, headers, null);
    });
  };
  const answerRequest = createAnswering(options.onError, send, connections.arrivedAt);
  const findCheckRoute = createRouteTable(options.checkRoutes ?? []);
  let app: Express | null = null;
  /** Requests for other routes that arrived before Express was loaded. */
  const waiting: (() => void)[] = [];
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    connections.admit(request, response, () => {
      const target = normalizeTarget(request.url ?? '/');
      const found = findCheckRoute(target);
      if (found) {
        void answerRequest(found.route, found.path, request, response);
        return;
      }
      request.url = target;
      if (app) app(request, response);
      else waiting.push(() => app?.(request, response));
    });
  });

  server.listen(options.port, options.host);
  await once(server, 'listening').catch((error: unknown) => {
    throw new Error(describeListenError(error, options), { cause: error });
  });
  server.on('error', options.onError);
  const loadApp = async () => {
    app = await createApp(options, send, answerRequest);
    for (const handle of waiting.splice(0)) handle();
  };
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    port,
    url: `${options.tls ? 'https' : 'http'}://${host}:${port}`,
    loaded: loadApp(),
    stop: () => connections.close(timeouts.lingerMs, timeouts.graceMs),
    reloadTls: () => {
      if (!options.tls || !(server instanceof TlsServer)) return false;
      server.setSecureContext(readTls(options.tls));
      return true;
    },
  };
}

function describeListenError(error: unknown, { host, port }: ServerOptions): string {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program has that port. Stop it, or choose another port.',
    EACCES: 'this user may not use that port. Choose one from 1024 on.',
    EADDRNOTAVAIL: 'this machine does not have that address. 0.0.0.0 stands for all that it has.',
    ENOTFOUND: 'that host name does not exist. 0.0.0.0 stands for all addresses of this machine.',
  };
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return `Cannot listen on ${host}, port ${port}: ${reasons[code] ?? (code || String(error))}`;
}

function createServer(tls: TlsFiles | null, timeouts: Timeouts): Server {
  const common = {
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    connectionsCheckingInterval: timeouts.checkEveryMs,
    maxHeaderSize: 16 * 1024,
    requireHostHeader: false,
    noDelay: true,
  };
  const server: Server = tls
    ? createHttpsServer({ ...common, ...readTls(tls), handshakeTimeout: timeouts.headersMs })
    : createHttpServer(common);
  // Beyond a maximum count, Node drops the last headers, which are those of proxies with the client's address.
  // `maxHeaderSize` limits them instead.
  server.maxHeadersCount = 0;
  // There are too many connections. Clients open those again that were closed while they were idle.
  server.on('drop', () => {
    server.closeIdleConnections();
  });
  // Closes the connection of a client that does not read its answer: no bytes move on the socket for this long.
  server.setTimeout(timeouts.keepAliveMs + timeouts.requestMs);
  return server;
}

type Headers = Readonly<Record<string, string>>;
/** A promise where the body is streamed, which rejects where producing it fails. */
type Send = (response: ServerResponse, answer: HttpResponse, headers: Headers) => Promise<void> | undefined;
/** Answers a request for a route. Never rejects. */
type AnswerRequest = (route: Route, path: RawPath, request: IncomingMessage, response: ServerResponse) => Promise<void>;
type Express = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Express finds all routes but those of checks. It is loaded when the server already listens, because loading takes a
 * sixth of the start, and checks do not need it.
 */
async function createApp(
  { routes, onError }: ServerOptions,
  send: Send,
  answerRequest: AnswerRequest,
): Promise<Express> {
  const [{ default: express }, { default: helmet }] = await Promise.all([import('express'), import('helmet')]);
  const app = express();
  app.disable('x-powered-by');
  for (const route of routes) {
    app.all(pathPattern(route.path), (request, response) =>
      answerRequest(route, readPath(route.path, request.url), request, response),
    );
  }
  app.use(helmet());
  app.use((_request, response) => send(response, notFound, {}));
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, _request: unknown, response: ServerResponse, _next: unknown) => {
    onError(error);
    return send(response, failed, {});
  });
  return app;
}

function createAnswering(
  onError: ServerOptions['onError'],
  send: Send,
  arrivedAt: Connections['arrivedAt'],
): AnswerRequest {
  return async (route, path, request, response) => {
    if (!route.methods.includes(request.method ?? '')) {
      void send(response, answerToWrongMethod(route, request), route.headers);
      return;
    }
    try {
      const answer = await route.handle(request, path, arrivedAt(request));
      const streamed = answer && send(response, answer, route.headers);
      if (streamed) await streamed;
    } catch (error) {
      onError(error);
      // A client that has part of a body would take another answer for its rest: only a cut connection says that it failed.
      if (response.headersSent) response.destroy();
      else void send(response, route.failed, route.headers);
    }
  };
}

function answerToWrongMethod(route: Route, { method, headers }: IncomingMessage): HttpResponse {
  const allow = { Allow: [...route.methods, 'OPTIONS'].join(', ') };
  const isPreflight = method === 'OPTIONS';
  const preflight = { status: 204, headers: route.preflightHeaders?.(headers) ?? {}, body: '' };
  const answer = isPreflight ? preflight : route.wrongMethod;
  return { ...answer, headers: { ...answer.headers, ...allow }, isRejection: !isPreflight };
}
