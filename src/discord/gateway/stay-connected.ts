import { type Client, Events } from 'discord.js';
import type { Log } from '../../log/log.ts';
import { connect, untilRejected } from './connect.ts';
import type { Retry } from './retry.ts';

export type BotState = 'connecting' | 'ready' | 'reconnecting' | 'bad-token' | 'stopped';

export interface BotConnection {
  /** The current client. A client that could not connect is replaced by a new one. */
  client(): Client;
  state(): BotState;
  /** Resolves when connected for the first time, or when that can never be. */
  readonly started: Promise<void>;
  stop(): Promise<void>;
}

export interface BotConnectionParts {
  readonly token: string;
  readonly createClient: (withMembers: boolean) => Client;
  /** Called with every new client before it connects. */
  readonly listen: (client: Client) => void;
  readonly retry: Retry;
  readonly log: Log;
}

/** Connects to Discord, repeats that until it succeeds, and connects again where Discord ends the connection. */
export function stayConnected({ token, createClient, listen, retry, log }: BotConnectionParts): BotConnection {
  const status = { state: 'connecting' as BotState, client: createClient(true), withMembers: true, isNew: true };

  async function attempt() {
    // A client whose login failed is not used again: each attempt begins with a new one.
    if (!status.isNew) {
      await status.client.destroy();
      status.client = createClient(status.withMembers);
    }
    status.isNew = false;
    const { client } = status;
    follow(client);
    listen(client);
    const connection = await connect(client, token);
    if (connection === 'intents-refused' && !status.withMembers) {
      throw new Error('Discord refused the intents of this bot.');
    }
    return { client, connection };
  }

  function follow(client: Client): void {
    const becomes = (state: BotState) => () => {
      if (status.state !== 'stopped') status.state = state;
    };
    client.on(Events.ShardReconnecting, becomes('reconnecting'));
    client.on(Events.ShardReady, becomes('ready'));
    client.on(Events.ShardResume, becomes('ready'));
  }

  async function run(markStarted: () => void): Promise<void> {
    while (status.state !== 'stopped') {
      const tried = await retry.untilDone(attempt, (error, inSeconds) => {
        log.warn('Discord cannot be reached; trying again', { inSeconds, error });
      });
      if (!tried) return;
      const { client, connection } = tried;
      if (connection === 'connected') markStarted();
      const why = connection === 'connected' ? await untilRejected(client) : connection;
      if (why === 'bad-token') {
        status.state = 'bad-token';
        log.error(
          'Discord does not know DISCORD_TOKEN: make a new one at https://discord.com/developers/applications under Bot',
        );
        return;
      }
      status.state = 'connecting';
      log.warn(
        'The bot cannot see who joins and leaves: switch on Server Members Intent at ' +
          'https://discord.com/developers/applications under Bot, then restart. It goes on without.',
      );
      status.withMembers = false;
    }
  }

  const started = new Promise<void>((resolve) => {
    void run(resolve).finally(resolve);
  });

  return {
    client: () => status.client,
    state: () => status.state,
    started,
    async stop() {
      status.state = 'stopped';
      await status.client.destroy();
    },
  };
}
