import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayCloseCodes, GatewayIntentBits, GatewayOpcodes } from 'discord-api-types/v10';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { apiUser, applicationFlags, guildCreate } from '../world/payloads.ts';
import { findBotMember, getRecord, type Dispatch, type World } from '../world/world.ts';
import { memberChunks } from './member-chunks.ts';
import { Session } from './session.ts';

/** Discord's limits for what a client sends: https://discord.com/developers/docs/events/gateway#sending-events */
const maxPayloadBytes = 4_096;
const maxEventsPerMinute = 120;
const heartbeatIntervalMs = 41_250;
const allIntents = Object.values(GatewayIntentBits).reduce<number>(
  (all, bit) => (typeof bit === 'number' ? all | bit : all),
  0,
);

export interface DisconnectOptions {
  /** The close code. Where omitted: 4000, an unknown error after which the client may resume. 1006: no close frame at all. */
  readonly code?: number;
  /** false: the session ends, and an attempt to resume it is answered with an invalid session. */
  readonly resumable?: boolean;
}

export interface Gateway {
  /** The handler for the `upgrade` event of the HTTP server. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Sends an event to all sessions whose intents include it. */
  readonly send: (dispatch: Dispatch) => void;
  /** The number of sessions that receive an event now, or when they resume. */
  readonly listeners: () => number;
  /** The number of sessions with a connection. */
  readonly connected: () => number;
  readonly disconnect: (how?: DisconnectOptions) => void;
  readonly askToReconnect: () => void;
  readonly invalidateSessions: (resumable: boolean) => void;
  /** The last presence that a client has set. */
  readonly presence: () => unknown;
  readonly stop: () => void;
}

/**
 * A gateway for one bot: HELLO, IDENTIFY, RESUME, heartbeats, member requests and all dispatches. A client that breaks a
 * rule is disconnected with Discord's close code, so that an error in the bot is seen here before production.
 */
export function createGateway(world: World, token: string, ownUrl: () => string): Gateway {
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  let lastPresence: unknown;

  function sessionOf(socket: WebSocket): Session | undefined {
    return [...sessions.values()].find((session) => session.socket === socket);
  }

  function open(socket: WebSocket, request: IncomingMessage): void {
    const query = new URL(request.url ?? '/', 'ws://localhost').searchParams;
    if (query.get('v') !== '10') {
      socket.close(GatewayCloseCodes.InvalidAPIVersion, 'Invalid API version');
      return;
    }
    let windowStart = world.now();
    let received = 0;
    socket.on('message', (raw: RawData) => {
      const bytes = Buffer.isBuffer(raw) ? raw : Buffer.from(raw as ArrayBuffer);
      if (bytes.length > maxPayloadBytes) {
        socket.close(GatewayCloseCodes.DecodeError, 'Error while decoding payload.');
        return;
      }
      if (world.now() - windowStart >= 60_000) {
        windowStart = world.now();
        received = 0;
      }
      received += 1;
      if (received > maxEventsPerMinute) {
        socket.close(GatewayCloseCodes.RateLimited, 'Rate limited.');
        return;
      }
      receive(socket, bytes);
    });
    socket.on('close', (code) => {
      const session = sessionOf(socket);
      if (!session) return;
      session.socket = null;
      // Discord ends a session that the client closes with 1000 or 1001. After any other code the session waits for a
      // resume, and events are stored for it.
      if (code === 1000 || code === 1001) sessions.delete(session.id);
      world.changed();
    });
    write(socket, GatewayOpcodes.Hello, { heartbeat_interval: heartbeatIntervalMs });
  }

  function receive(socket: WebSocket, bytes: Buffer): void {
    let payload: { op?: unknown; d?: unknown };
    try {
      payload = JSON.parse(bytes.toString()) as typeof payload;
    } catch {
      socket.close(GatewayCloseCodes.DecodeError, 'Error while decoding payload.');
      return;
    }
    const session = sessionOf(socket);
    const data = (payload.d ?? {}) as Record<string, unknown>;
    switch (payload.op) {
      case GatewayOpcodes.Heartbeat:
        write(socket, GatewayOpcodes.HeartbeatAck, undefined);
        return;
      case GatewayOpcodes.Identify:
        if (session) socket.close(GatewayCloseCodes.AlreadyAuthenticated, 'Already authenticated.');
        else identify(socket, data);
        return;
      case GatewayOpcodes.Resume:
        if (session) socket.close(GatewayCloseCodes.AlreadyAuthenticated, 'Already authenticated.');
        else resume(socket, data);
        return;
    }
    if (!session) {
      socket.close(GatewayCloseCodes.NotAuthenticated, 'Not authenticated.');
      return;
    }
    switch (payload.op) {
      case GatewayOpcodes.PresenceUpdate:
        lastPresence = data;
        world.changed();
        return;
      case GatewayOpcodes.RequestGuildMembers: {
        const chunks = memberChunks(world, session.intents, data);
        if (chunks === 'disallowed') socket.close(GatewayCloseCodes.DisallowedIntents, 'Disallowed intent(s).');
        else for (const chunk of chunks) session.dispatch('GUILD_MEMBERS_CHUNK', chunk);
        return;
      }
      case GatewayOpcodes.VoiceStateUpdate:
        return;
      default:
        socket.close(GatewayCloseCodes.UnknownOpcode, 'Unknown opcode.');
    }
  }

  function identify(socket: WebSocket, data: Record<string, unknown>): void {
    if (data.token !== token) {
      socket.close(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
      return;
    }
    const shard = data.shard;
    if (Array.isArray(shard) && !(shard[0] === 0 && shard[1] === 1)) {
      socket.close(GatewayCloseCodes.InvalidShard, 'Invalid shard.');
      return;
    }
    const intents = data.intents;
    if (typeof intents !== 'number' || !Number.isInteger(intents) || (intents & ~allIntents) !== 0) {
      socket.close(GatewayCloseCodes.InvalidIntents, 'Invalid intent(s).');
      return;
    }
    if ((intents & disallowedIntents(world)) !== 0) {
      socket.close(GatewayCloseCodes.DisallowedIntents, 'Disallowed intent(s).');
      return;
    }
    // A client that identifies again has given up on resuming. Sessions without a connection would otherwise count as
    // listeners, and interactions would wait for a bot that never comes back to them.
    for (const old of [...sessions.values()]) if (!old.socket) sessions.delete(old.id);
    const session = new Session(socket, intents);
    sessions.set(session.id, session);
    lastPresence = data.presence ?? lastPresence;
    const guilds = [...world.guilds.values()].filter((guild) => findBotMember(world, guild));
    session.dispatch('READY', {
      v: 10,
      user: {
        ...apiUser(getRecord(world.users, world.application.botId, 'user')),
        verified: true,
        mfa_enabled: true,
        email: null,
        flags: 0,
      },
      application: { id: world.application.id, flags: applicationFlags(world) },
      // READY only names the guilds. Their contents follow as GUILD_CREATE, if the client has the intent for it.
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: ownUrl(),
      shard: [0, 1],
    });
    if ((intents & GatewayIntentBits.Guilds) !== 0) {
      const allMembers = (intents & GatewayIntentBits.GuildPresences) !== 0;
      for (const guild of guilds) session.dispatch('GUILD_CREATE', guildCreate(world, guild, allMembers));
    }
    world.changed();
  }

  function resume(socket: WebSocket, data: Record<string, unknown>): void {
    if (data.token !== token) {
      socket.close(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
      return;
    }
    const session = sessions.get(String(data.session_id));
    if (!session) {
      write(socket, GatewayOpcodes.InvalidSession, false);
      return;
    }
    const seq = Number(data.seq);
    // A sequence number from the future cannot be of this session. Discord makes the client identify again.
    if (!Number.isInteger(seq) || seq > session.seq) {
      sessions.delete(session.id);
      socket.close(GatewayCloseCodes.InvalidSeq, 'Invalid seq.');
      return;
    }
    session.resume(socket, seq);
    world.changed();
  }

  function sockets(): WebSocket[] {
    return [...sessions.values()].flatMap(({ socket }) => socket ?? []);
  }

  return {
    upgrade: (request, socket, head) => {
      server.handleUpgrade(request, socket, head, open);
    },
    send: ({ event, intents, data }) => {
      for (const session of sessions.values()) {
        if (intents === 0 || (session.intents & intents) !== 0) session.dispatch(event, data(session.intents));
      }
    },
    listeners: () => sessions.size,
    connected: () => sockets().length,
    disconnect: ({ code = GatewayCloseCodes.UnknownError, resumable = true } = {}) => {
      for (const session of [...sessions.values()]) {
        if (code === 1006) session.socket?.terminate();
        else session.socket?.close(code);
        session.socket = null;
        if (!resumable) sessions.delete(session.id);
      }
    },
    askToReconnect: () => {
      for (const socket of sockets()) write(socket, GatewayOpcodes.Reconnect, null);
    },
    invalidateSessions: (resumable) => {
      for (const session of [...sessions.values()]) {
        if (session.socket) write(session.socket, GatewayOpcodes.InvalidSession, resumable);
        // From here on the connection has no session: the client must resume or identify, on it or on a new one.
        session.socket = null;
        if (!resumable) sessions.delete(session.id);
      }
    },
    presence: () => lastPresence,
    stop: () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

function write(socket: WebSocket, op: GatewayOpcodes, data: unknown): void {
  socket.send(JSON.stringify({ op, d: data, s: null, t: null }));
}

/** The privileged intents that are switched off in the developer portal. */
function disallowedIntents({ application }: World): number {
  return (
    (application.membersIntent ? 0 : GatewayIntentBits.GuildMembers) |
    (application.presencesIntent ? 0 : GatewayIntentBits.GuildPresences) |
    (application.messageContentIntent ? 0 : GatewayIntentBits.MessageContent)
  );
}
