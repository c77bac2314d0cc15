import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { asText, isSnowflake } from '../validate/check-fields.ts';
import { invalid } from '../validate/problems.ts';
import type { World } from '../world/world.ts';
import { commandRoutes } from './command-routes.ts';
import { DiscordError, discordError } from './errors.ts';
import type { Fault, Faults } from './faults.ts';
import { guildRoutes } from './guild-routes.ts';
import { interactionRoutes } from './interaction-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { messageRoutes } from './message-routes.ts';
import type { RateLimits } from './rate-limits.ts';
import { parseBody, readBytes, type RequestBody } from './read-request.ts';
import type { RestResponse, Route, UploadedFile } from './route.ts';
import { userRoutes } from './user-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

const routes: readonly Route[] = [
  ...userRoutes,
  ...messageRoutes,
  ...guildRoutes,
  ...memberRoutes,
  ...commandRoutes,
  ...interactionRoutes,
  ...webhookRoutes,
];

/** A request with its answer. */
export interface RestCall {
  readonly method: string;
  /** The path after /api/v10, decoded, without the query. */
  readonly path: string;
  /** The path with parameter names instead of ids: `/channels/:channel/messages`. */
  readonly route: string;
  readonly query: string;
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
  /** The header X-Audit-Log-Reason, decoded. */
  readonly reason: string | null;
  readonly headers: IncomingMessage['headers'];
  readonly atMs: number;
  /** The HTTP status; 0 until the request is answered, or where the connection was cut. */
  status: number;
  /** Discord's error code; null where the request succeeded. */
  code: number | null;
}

export interface RestServerParts {
  readonly world: World;
  readonly token: string;
  readonly faults: Faults;
  readonly rateLimits: RateLimits | null;
  readonly gatewayUrl: () => string;
  readonly calls: RestCall[];
}

interface Match {
  readonly route: Route | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly otherMethods: boolean;
}

interface ServerReply extends RestResponse {
  readonly headers?: Readonly<Record<string, string>>;
  readonly code?: number;
}

/** Discord's REST API. Every request meets the injected faults first, then rate limits, authorization and its route. */
export function createRestServer(parts: RestServerParts): Server {
  const { world, faults, calls, rateLimits } = parts;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readBytes(request);
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/attachments/')) {
      serveFile(world, url.pathname, response);
      return;
    }
    const method = request.method ?? 'GET';
    const [, version, rest] = /^\/api(?:\/v(\d+))?(\/.*)$/.exec(url.pathname) ?? [];
    const path = decode(rest ?? url.pathname);
    const match = findRoute(method, path);
    const reason = request.headers['x-audit-log-reason'];
    const read = readBody(request.headers['content-type'], bytes);
    const call: RestCall = {
      method,
      path,
      route: match.route?.path ?? path,
      query: url.search,
      body: read.body,
      files: read.files,
      reason: typeof reason === 'string' ? decode(reason) : null,
      headers: request.headers,
      atMs: world.now(),
      status: 0,
      code: null,
    };
    calls.push(call);
    world.changed();
    await faults.waitForHolds(method, path);
    if (faults.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.latencyMs));
    if (faults.outage === 'refuse') {
      request.socket.destroy();
      return;
    }
    const fault: Fault | undefined = faults.outage === 'errors' ? { status: 503 } : faults.takeFault(method, path);
    const perform = () => answer(call, match, version, read.error);
    if (fault?.afterwards) perform();
    const reply = fault ? fromFault(fault) : perform();
    call.status = reply.status;
    call.code = reply.code ?? null;
    if (reply.status === 0) request.socket.destroy();
    else write(response, reply);
    world.changed();
  }

  function answer(
    call: RestCall,
    match: Match,
    version: string | undefined,
    unreadable: DiscordError | undefined,
  ): ServerReply {
    const { route, params } = match;
    let headers: Readonly<Record<string, string>> = {};
    try {
      if (version !== '10')
        throw version === undefined ? discordError('noSuchRoute') : discordError('invalidApiVersion');
      if (!route) throw discordError(match.otherMethods ? 'methodNotAllowed' : 'noSuchRoute');
      const isAuthorized = call.headers.authorization === `Bot ${parts.token}`;
      if (route.auth === 'bot' && !isAuthorized) throw discordError('unauthorized');
      const limit =
        route.auth === 'bot' ? rateLimits?.check(`${route.method} ${route.path}`, majorOf(params)) : undefined;
      headers = limit?.headers ?? {};
      if (limit?.exceeded) return rateLimited(limit.exceeded.retryAfterSeconds, limit.exceeded.global, headers);
      if (unreadable) throw unreadable;
      checkIds(params);
      if ((call.reason ?? '').length > 512) {
        throw invalid(['reason'], 'BASE_TYPE_MAX_LENGTH', 'Must be 512 or fewer in length.');
      }
      const query = new URLSearchParams(call.query);
      const { body, files } = call;
      return { ...route.handle({ world, params, query, body, files, gatewayUrl: parts.gatewayUrl() }), headers };
    } catch (error) {
      if (!(error instanceof DiscordError)) throw error;
      return { status: error.status, body: error.toBody(), code: error.code, headers };
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A defect of the local Discord itself: answering 500 shows it at once, where the bot would otherwise wait.
      console.error(error);
      if (!response.headersSent) write(response, { status: 500, body: { message: String(error), code: 0 } });
    });
  });
  server.on('connection', (socket) => {
    if (faults.outage === 'refuse') socket.destroy();
  });
  return server;
}

function findRoute(method: string, path: string): Match {
  const parts = path.split('/');
  let otherMethods = false;
  for (const route of routes) {
    const pattern = route.path.split('/');
    if (pattern.length !== parts.length) continue;
    if (!pattern.every((part, index) => part.startsWith(':') || part === parts[index])) continue;
    if (route.method !== method) {
      otherMethods = true;
      continue;
    }
    const named = pattern.flatMap((part, index) => (part.startsWith(':') ? [[part.slice(1), parts[index] ?? '']] : []));
    return { route, params: Object.fromEntries(named) as Record<string, string>, otherMethods };
  }
  return { route: undefined, params: {}, otherMethods };
}

/** The id that rate limits count by: the channel or the guild in the path. */
function majorOf(params: Match['params']): string {
  return params.channel ?? params.guild ?? '';
}

function readBody(contentType: string | undefined, bytes: Buffer): RequestBody & { readonly error?: DiscordError } {
  try {
    return parseBody(contentType, bytes);
  } catch (error) {
    if (error instanceof DiscordError) return { body: undefined, files: [], error };
    throw error;
  }
}

function checkIds(params: Match['params']): void {
  for (const [name, value] of Object.entries(params)) {
    const isSpecial = name === 'token' || value === '@original' || value === '@me';
    if (isSpecial || isSnowflake(value)) continue;
    throw invalid([`${name}_id`], 'NUMBER_TYPE_COERCE', `Value "${asText(value)}" is not snowflake.`);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function fromFault(fault: Fault): ServerReply {
  if (fault.status === 429) return rateLimited(fault.retryAfter ?? 1, false, fault.headers ?? {}, fault.body);
  const body = fault.body ?? { message: `${fault.status}: injected`, code: 0 };
  return { status: fault.status, body, code: 0, headers: fault.headers ?? {} };
}

function rateLimited(
  retryAfter: number,
  global: boolean,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): ServerReply {
  const scope = { 'x-ratelimit-scope': global ? 'global' : 'user' };
  return {
    status: 429,
    code: 0,
    headers: { ...scope, ...headers, 'retry-after': String(retryAfter) },
    body: body ?? { message: 'You are being rate limited.', retry_after: retryAfter, global },
  };
}

function write(response: ServerResponse, { status, body, headers = {} }: ServerReply): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // A 204 has neither a body nor a content type, because discord.js would try to parse the body.
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.setHeader('content-type', 'application/json');
  response.writeHead(status).end(JSON.stringify(body));
}

function serveFile(world: World, path: string, response: ServerResponse): void {
  const [, , channelId, fileId] = path.split('/');
  const files = (world.messages.get(channelId ?? '') ?? []).flatMap((message) => message.files);
  const file = files.find(({ attachment }) => attachment.id === fileId) ?? world.uploads.get(fileId ?? '');
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  response
    .writeHead(200, { 'content-type': file.attachment.content_type ?? 'application/octet-stream' })
    .end(file.data);
}
