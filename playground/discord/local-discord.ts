import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Interaction, expireInteractions } from './control/interaction.ts';
import { toVisibleMessage, type VisibleMessage } from './control/visible-message.ts';
import { createUser, type User } from './control/user.ts';
import { createWaiting, type Waiting } from './control/waiting.ts';
import { createWorldControl, type WorldControl } from './control/world-control.ts';
import { createGateway, type DisconnectOptions } from './gateway/gateway.ts';
import { createFaults, type Fault, type Hold, type Outage } from './rest/faults.ts';
import { firstAnswerTimeoutMs } from './rest/interaction-routes.ts';
import { createRateLimits } from './rest/rate-limits.ts';
import { createRestServer, type RestCall } from './rest/rest-server.ts';
import { canSee } from './world/visibility.ts';
import { findChannelMessages, createWorld, findDmChannel } from './world/world.ts';

export interface LocalDiscordOptions {
  /** Where omitted, or 0: a free port. */
  readonly port?: number;
  /** A clock in milliseconds. With it nothing expires by itself: call `advance` to let time pass. */
  readonly now?: () => number;
  /** The bot token; where omitted, a random one. */
  readonly token?: string;
  /** false: no rate limits. Where omitted: 5 messages in 5 s per channel, and 50 requests per second. */
  readonly rateLimits?: boolean;
}

/** A running local Discord: its address, the world and the people in it, and faults to inject. */
export interface LocalDiscord extends WorldControl {
  /** The value for DISCORD_API_URL and for `rest.api` of discord.js. */
  readonly url: string;
  readonly token: string;
  readonly applicationId: string;
  readonly botUserId: string;
  /** Closes all connections. Call it after the bot has been stopped. */
  readonly stop: () => Promise<void>;

  /** The actions of a user at their client. */
  readonly user: (userId: string) => User;
  /**
   * The messages of a channel that are not ephemeral. With a user: those that this user can see, including ephemeral ones
   * for them.
   */
  readonly messages: (channelId: string, asUserId?: string) => VisibleMessage[];
  /** The messages in the DM of the user with the bot. */
  readonly dms: (userId: string) => VisibleMessage[];
  /** The messages of which Discord notified the user when they were sent, in order, as far as they still exist. */
  readonly notifications: (userId: string) => VisibleMessage[];
  /** All REST requests in order of arrival. */
  readonly calls: readonly RestCall[];
  readonly until: Waiting['until'];
  readonly onChange: Waiting['onChange'];
  /** Moves the clock forward, so that unanswered interactions, interaction tokens and rate limits expire. */
  readonly advance: (ms: number) => void;

  /** Answers the next matching requests with a fault. */
  readonly inject: (fault: Fault) => void;
  /** Makes matching requests wait until `release` is called. */
  readonly hold: (path: RegExp, method?: string) => Hold;
  /** Delays every answer. */
  readonly setLatency: (ms: number) => void;
  /** `errors`: every request is answered 503. `refuse`: connections are refused, and the gateway's are cut. */
  readonly startOutage: (kind?: Outage) => void;
  readonly endOutage: () => void;
  /** Closes the gateway connections of the bot. */
  readonly disconnectGateway: (how?: DisconnectOptions) => void;
  /** Asks the bot to reconnect and resume (op 7). */
  readonly askToReconnect: () => void;
  /** Invalidates the sessions of the bot (op 9). */
  readonly invalidateSessions: (resumable?: boolean) => void;
  /** Whether a bot is connected to the gateway and identified. */
  readonly isBotOnline: () => boolean;
  /** The last presence that the bot set. */
  readonly botPresence: () => unknown;
}

/** Starts a Discord server on the loopback interface that is as strict as the real one. */
export async function startLocalDiscord(options: LocalDiscordOptions = {}): Promise<LocalDiscord> {
  let offsetMs = 0;
  const clock = options.now ?? Date.now;
  const world = createWorld(() => clock() + offsetMs);
  const token = options.token ?? makeToken(world.application.botId);
  const calls: RestCall[] = [];
  const waiting = createWaiting(() => {
    const last = calls
      .slice(-5)
      .map(({ method, route, status, code }) => `${method} ${route} → ${status}${code === null ? '' : ` (${code})`}`);
    return last.length > 0 ? `The last requests: ${last.join('; ')}` : 'There were no requests.';
  });
  world.changed = waiting.changed;
  const faults = createFaults(waiting.changed);
  let port = 0;
  const gatewayUrl = () => `ws://127.0.0.1:${port}/gateway`;
  const gateway = createGateway(world, token, gatewayUrl);
  world.send = gateway.send;
  const rateLimits = options.rateLimits === false ? null : createRateLimits(world.now);
  const server = createRestServer({ world, token, faults, rateLimits, gatewayUrl, calls });
  server.on('upgrade', gateway.upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  world.filesUrl = `http://127.0.0.1:${port}`;

  const timers = new Set<NodeJS.Timeout>();
  const userParts = {
    world,
    hasListener: () => gateway.listeners() > 0,
    track: (record: ConstructorParameters<typeof Interaction>[2]) => {
      // On the real clock, an interaction that the bot does not answer expires by itself.
      if (!options.now) {
        const timer = setTimeout(() => {
          timers.delete(timer);
          expireInteractions(world);
        }, firstAnswerTimeoutMs + 1);
        timers.add(timer.unref());
      }
      return new Interaction(world, waiting, record);
    },
  };
  const messagesIn = (channelId: string, asUserId?: string) =>
    findChannelMessages(world, channelId)
      .filter((message) => (asUserId === undefined ? message.ephemeralFor === null : canSee(world, message, asUserId)))
      .map(toVisibleMessage);

  return {
    ...createWorldControl(world),
    url: `http://127.0.0.1:${port}/api`,
    token,
    applicationId: world.application.id,
    botUserId: world.application.botId,
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      faults.clear();
      gateway.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    user: (userId) => createUser(userParts, userId, true),
    messages: messagesIn,
    dms: (userId) => {
      const channel = findDmChannel(world, userId);
      return channel ? messagesIn(channel.id, userId) : [];
    },
    notifications: (userId) =>
      [...world.messages.values()]
        .flat()
        .filter(({ notified }) => notified.includes(userId))
        .map(toVisibleMessage),
    calls,
    until: waiting.until,
    onChange: waiting.onChange,
    advance: (ms) => {
      offsetMs += ms;
      expireInteractions(world);
    },
    inject: faults.inject,
    hold: faults.hold,
    setLatency: (ms) => {
      faults.latencyMs = ms;
    },
    startOutage: (kind = 'errors') => {
      faults.outage = kind;
      if (kind === 'refuse') gateway.disconnect({ code: 1006 });
    },
    endOutage: () => {
      faults.outage = null;
    },
    disconnectGateway: gateway.disconnect,
    askToReconnect: gateway.askToReconnect,
    invalidateSessions: (resumable = false) => {
      gateway.invalidateSessions(resumable);
    },
    isBotOnline: () => gateway.connected() > 0,
    botPresence: gateway.presence,
  };
}

/** A token of the same form as Discord's: the id, a time and a secret, in base64. */
function makeToken(botId: string): string {
  const part = (bytes: Buffer) => bytes.toString('base64url');
  return [part(Buffer.from(botId)), part(randomBytes(4)), part(randomBytes(28))].join('.');
}
