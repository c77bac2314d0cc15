import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import express from 'express';
import helmet from 'helmet';
import { trackConnections } from './connections.ts';
import { type HttpResponse, jsonResponse, type Route } from './route.ts';
import { normalizeTarget, pathPattern, readPath } from './routing.ts';
import { streamBody } from './stream-body.ts';
import { readTls, type TlsFiles } from './tls.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** The first that fits a path answers. */
  readonly routes: readonly Route[];
  /** null: plain HTTP. */
  readonly tls: TlsFiles | null;
  /** A route that threw; its client got the route's own failure. */
  readonly onError: (error: unknown) => void;
  readonly timeouts?: Partial<Timeouts>;
}

export interface Timeouts {
  /** From the connection, or the end of the request before, to the last header. */
  readonly headersMs: number;
  /** Until the whole request is there. */
  readonly requestMs: number;
  /** Between two requests; longer than a proxy keeps its connections, which would else meet closed ones. */
  readonly keepAliveMs: number;
  /** How often the above are looked at. */
  readonly checkEveryMs: number;
  /** What `stop` leaves to requests that have begun. */
  readonly graceMs: number;
}

export interface RunningServer {
  readonly port: number;
  /** `http(s)://host:port`, without a trailing slash. */
  readonly url: string;
  /** Finishes what it has accepted, within 10 s. */
  stop(): Promise<void>;
  /**
   * Reads the PEM files again for connections from now on; false where there are none. Throws, and keeps the old ones,
   * where they do not fit.
   */
  reloadTls(): boolean;
}

const defaultTimeouts: Timeouts = {
  headersMs: 5_000,
  requestMs: 10_000,
  keepAliveMs: 65_000,
  checkEveryMs: 1_000,
  // Of the 10 s that stopping may take: what was counted is written after it.
  graceMs: 9_000,
};

const notFound = jsonResponse(404, { error: 'not_found' });
const broken = jsonResponse(500, { error: 'internal_server_error' });

/** Listens, and answers by the routes. Rejects where the address cannot be listened on. */
export async function openServer(options: ServerOptions): Promise<RunningServer> {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const server = createServer(options.tls, timeouts);
  const connections = trackConnections(server);

  /** `length`: the bytes of the body; null: not known, or the status has none. */
  const writeHead = (response: ServerResponse, { status, headers }: HttpResponse, length: number | null): void => {
    const { req: request } = response;
    // A client that is still sending a body that will not be read is cut off, and so is every client while stopping.
    const isLast = connections.isClosing || (request.readableDidRead && !request.complete);
    response.writeHead(status, {
      ...headers,
      'Cache-Control': 'no-store',
      ...(length === null ? {} : { 'Content-Length': length }),
      ...(isLast ? { Connection: 'close' } : {}),
    });
  };
  const send: Send = async (response, answer) => {
    if (response.headersSent || response.destroyed) return;
    const { status, body } = answer;
    if (typeof body === 'string') {
      writeHead(response, answer, status === 204 ? null : Buffer.byteLength(body));
      response.end(body);
      return;
    }
    const { socket } = response;
    await streamBody(response, body, () => {
      writeHead(response, answer, null);
    });
    // The head was written before stopping began, so that it announced a connection that stays open.
    if (connections.isClosing) socket?.end();
  };
  const app = createApp(options, send);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    request.url = normalizeTarget(request.url ?? '/');
    app(request, response);
  });

  server.listen(options.port, options.host);
  await once(server, 'listening').catch((error: unknown) => {
    throw new Error(describeListenError(error, options), { cause: error });
  });
  server.on('error', options.onError);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    port,
    url: `${options.tls ? 'https' : 'http'}://${host}:${port}`,
    stop: () => connections.close(timeouts.graceMs),
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
    ENOTFOUND: 'nobody knows that host name. 0.0.0.0 stands for all addresses of this machine.',
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
    ? createHttpsServer({ ...common, ...readTls(tls), minVersion: 'TLSv1.2', handshakeTimeout: timeouts.headersMs })
    : createHttpServer(common);
  // Their size is limited. Of too many, Node would drop the last ones, where proxies tell the client's address.
  server.maxHeadersCount = 0;
  // For who reads no answers: nothing moves on the socket any more.
  server.setTimeout(timeouts.keepAliveMs + timeouts.requestMs);
  return server;
}

type Send = (response: ServerResponse, answer: HttpResponse) => Promise<void>;
type Express = (request: IncomingMessage, response: ServerResponse) => void;

/** Express finds the route. No middleware stands before one: checks are what this server does all day. */
function createApp({ routes, onError }: ServerOptions, send: Send): Express {
  const app = express();
  app.disable('x-powered-by');
  for (const route of routes) {
    app.all(pathPattern(route.path), (request, response) => answerBy(route, request, response, send, onError));
  }
  app.use(helmet());
  app.use((_request, response) => send(response, notFound));
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, _request: unknown, response: ServerResponse, _next: unknown) => {
    onError(error);
    return send(response, broken);
  });
  return app;
}

async function answerBy(
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  send: Send,
  onError: (error: unknown) => void,
): Promise<void> {
  const { method = '', url = '/' } = request;
  const sendOwn = (answer: HttpResponse) =>
    send(response, { ...answer, headers: { ...answer.headers, ...route.headers } });
  if (!route.methods.includes(method)) {
    const allow = { Allow: [...route.methods, 'OPTIONS'].join(', ') };
    const { status, headers, body } = method === 'OPTIONS' ? { status: 204, headers: {}, body: '' } : route.wrongMethod;
    await sendOwn({ status, headers: { ...headers, ...allow }, body });
    return;
  }
  try {
    const answer = await route.handle(request, readPath(route.path, url));
    if (answer) await sendOwn(answer);
  } catch (error) {
    onError(error);
    // A client that has part of a body would take another answer for its rest: only a cut connection says that it failed.
    if (response.headersSent) response.destroy();
    else await sendOwn(route.failed);
  }
}
