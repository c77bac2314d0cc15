import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Interaction, expireInteractions } from './control/interaction.ts';
import { seenMessage, type SeenMessage } from './control/visible-message.ts';
import { canSee, createUser, type User } from './control/user.ts';
import { createWaiting, type Waiting } from './control/waiting.ts';
import { createWorldControl, type WorldControl } from './control/world-control.ts';
import { createGateway, type Disconnect } from './gateway/gateway.ts';
import { createFaultBook, type Fault, type Hold, type Outage } from './rest/faults.ts';
import { firstAnswerMs } from './rest/interactions.ts';
import { createRateLimits } from './rest/rate-limits.ts';
import { createRestServer, type RestCall } from './rest/server.ts';
import { channelMessages, createWorld, dmChannel } from './world/world.ts';

export interface LocalDiscordOptions {
  /** 0, a free one, unless given. */
  readonly port?: number;
  /** With a clock of its own nothing expires by itself: use `advance`. */
  readonly now?: () => number;
  readonly token?: string;
  /** On unless false: 5 messages in 5 s per channel, 50 requests a second. */
  readonly rateLimits?: boolean;
}

export interface LocalDiscord extends WorldControl {
  /** For DISCORD_API_URL and discord.js `rest.api`. */
  readonly url: string;
  readonly token: string;
  readonly applicationId: string;
  readonly botUserId: string;
  readonly stop: () => Promise<void>;

  readonly user: (userId: string) => User;
  /** What a channel holds; as a user: what that user sees, with the ephemerals for them. */
  readonly messages: (channelId: string, asUserId?: string) => SeenMessage[];
  /** What the user sees in the DM with the bot. */
  readonly dms: (userId: string) => SeenMessage[];
  /** Every REST request in order of arrival. */
  readonly calls: readonly RestCall[];
  readonly until: Waiting['until'];
  readonly onChange: Waiting['onChange'];
  /** Moves the clock: unanswered interactions, tokens, rate limits. */
  readonly advance: (ms: number) => void;

  readonly inject: (fault: Fault) => void;
  readonly hold: (path: RegExp, method?: string) => Hold;
  readonly setLatency: (ms: number) => void;
  /** `errors`: every request is answered 503. `refuse`: no connection is taken, the gateway is cut. */
  readonly startOutage: (kind?: Outage) => void;
  readonly endOutage: () => void;
  readonly disconnectGateway: (how?: Disconnect) => void;
  /** op 7 */
  readonly askToReconnect: () => void;
  /** op 9 */
  readonly invalidateSessions: (resumable?: boolean) => void;
  /** Whether a bot is connected to the gateway and identified. */
  readonly isBotOnline: () => boolean;
  /** The last presence that the bot set. */
  readonly botPresence: () => unknown;
}

/** Starts a Discord on loopback that is as strict as the real one. */
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
  const faults = createFaultBook(waiting.changed);
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
    isHeard: () => gateway.listeners() > 0,
    track: (record: ConstructorParameters<typeof Interaction>[2]) => {
      // On the real clock an interaction that nobody answers ends by itself.
      if (!options.now) {
        const timer = setTimeout(() => {
          timers.delete(timer);
          expireInteractions(world);
        }, firstAnswerMs + 1);
        timers.add(timer.unref());
      }
      return new Interaction(world, waiting, record);
    },
  };
  const seenIn = (channelId: string, asUserId?: string) =>
    channelMessages(world, channelId)
      .filter((message) => (asUserId === undefined ? message.ephemeralFor === null : canSee(world, message, asUserId)))
      .map(seenMessage);

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
    messages: seenIn,
    dms: (userId) => {
      const channel = dmChannel(world, userId);
      return channel ? seenIn(channel.id, userId) : [];
    },
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

/** Shaped as Discord's: the id, a time and a secret, in base64. */
function makeToken(botId: string): string {
  const part = (bytes: Buffer) => bytes.toString('base64url');
  return [part(Buffer.from(botId)), part(randomBytes(4)), part(randomBytes(28))].join('.');
}
