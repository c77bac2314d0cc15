import type { Client, Interaction } from 'discord.js';
import { events } from '../../events/index.ts';
import type { Log } from '../log/log.ts';
import type { Services } from '../services/services.ts';
import type { Storage } from '../storage/storage.ts';
import { builtInHandlers } from './built-in-handlers.ts';
import { createClient } from './client.ts';
import type { Command } from './command.ts';
import { createCommandTable } from './command-table.ts';
import { connect } from './connect.ts';
import type { Sign } from './custom-id.ts';
import { describeDelivery } from './delivery.ts';
import { createDiscordApi, createRest } from './discord-api.ts';
import { createDiscordSide } from './discord-side.ts';
import { createDispatch } from './dispatch.ts';
import { createEffectsRunner, type EffectsRunner } from './effects/effects-runner.ts';
import type { EventContext } from './event.ts';
import { createKeptState } from './kept-state.ts';
import { createLeadership } from './leadership.ts';
import { actOnHandlers } from './log/act-on.ts';
import { createLogShipper } from './log/log-shipper.ts';
import { createLoop } from './loop.ts';
import { createPickUpHandlers } from './pickup.ts';
import { createRememberUser } from './remember-users.ts';
import { registerCommands } from './register.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface BotParts {
  readonly config: {
    readonly discord: { readonly token: string; readonly apiUrl: string | null };
    readonly guilds: { readonly allowed: readonly string[] | null };
  };
  readonly services: Services;
  readonly storage: Storage;
  readonly clock: () => Date;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Signs custom ids: `vault.sign('custom-id', text)`. */
  readonly sign: Sign;
  readonly log: Log;
  readonly timers?: Timers;
  /** Those of commands/ where left out. */
  readonly commands?: readonly Command[];
}

export type BotState = 'connecting' | 'ready' | 'reconnecting' | 'bad-token' | 'stopped';

export interface Bot {
  state(): BotState;
  /** Settles when the bot is connected for the first time, or never can be. */
  readonly started: Promise<void>;
  readonly effects: Pick<EffectsRunner, 'nudge' | 'settled'>;
  /** Finishes what is under way; settles when nothing more goes to Discord. */
  stop(): Promise<void>;
}

const firstRetryMs = 5000;
const longestRetryMs = 60_000;
const leaseRenewalMs = 10_000;
/** How long a slash command waits for its own effects. */
const deliveryTimeoutMs = 2000;

/** Starts the bot and goes on without Discord where that does not answer: everything is stored and sent later. */
export async function startBot(parts: BotParts): Promise<Bot> {
  const { config, services, storage, clock, randomBytes, sign, log, timers = systemTimers } = parts;
  const commands = parts.commands ?? (await import('../../commands/index.ts')).commands;
  const { token, apiUrl } = config.discord;
  const { allowed } = config.guilds;

  const rest = createRest(apiUrl, token);
  const rememberUser = createRememberUser(services, log);
  const api = createDiscordApi(rest, rememberUser);
  const leadership = createLeadership({ storage, clock, holder: Buffer.from(randomBytes(9)).toString('base64url') });
  const isLeading = () => leadership.fence() !== null;
  const effects = await createEffectsRunner({ storage, services, api, sign, clock, timers, log, isLeading });
  const shipper = createLogShipper({ storage, services, api, sign, clock, fence: () => leadership.fence() });
  const loops = [
    createLoop({ name: 'Renewing the lease', intervalMs: leaseRenewalMs, step: renew, timers, log }),
    createLoop({ name: 'Posting logs', intervalMs: shipper.intervalMs, step: () => shipper.tick(), timers, log }),
  ];
  async function renew(): Promise<undefined> {
    await leadership.renew();
  }

  const status = { state: 'connecting' as BotState, client: createClient(apiUrl, true), withMembers: true };
  const table = createCommandTable(commands, {
    ...builtInHandlers,
    ...createPickUpHandlers(storage),
    ...actOnHandlers,
  });
  const dispatch = createDispatch({
    table,
    services,
    clock,
    sign,
    log,
    timers,
    randomBytes,
    allowedGuildIds: allowed,
    rememberUser,
    kept: createKeptState({ storage, clock, randomBytes }),
    discord: createDiscordSide(() => status.client, api),
    deliver: async (effectIds, { customId }) => {
      effects.nudge();
      return describeDelivery(await effects.settled(effectIds, deliveryTimeoutMs), customId);
    },
  });

  /** Commands and presses that are being answered. */
  const running = new Set<Promise<void>>();
  function answer(interaction: Interaction): Promise<void> {
    const answered = dispatch(interaction).finally(() => running.delete(answered));
    running.add(answered);
    return answered;
  }

  function listen(client: Client): void {
    const context: EventContext = {
      services,
      log,
      client,
      dispatch: answer,
      nudge: () => {
        effects.nudge();
      },
      serves: (guildId) => allowed === null || allowed.includes(guildId),
      servesAnyGuild: allowed === null,
      registerCommands: async (applicationId) => {
        const outcome = await registerCommands({ rest, storage, applicationId, definitions: table.definitions });
        if (outcome === 'registered') log.info('The commands were registered', { count: table.definitions.length });
      },
    };
    for (const event of events) {
      event.listen(client, context, (name, act) => {
        act().catch((error: unknown) => {
          log.error('An event was not handled', { event: name, error });
        });
      });
    }
    client.on('error', (error) => {
      log.warn('The connection to Discord has trouble', { error });
    });
    client.on('shardReconnecting', () => (status.state = 'reconnecting'));
    client.on('shardReady', () => (status.state = 'ready'));
    client.on('shardResume', () => (status.state = 'ready'));
  }

  async function keepTrying(): Promise<void> {
    let retryMs = firstRetryMs;
    while (status.state !== 'stopped') {
      try {
        const { client, withMembers } = status;
        listen(client);
        const connection = await connect(client, token);
        if (connection === 'connected') return;
        if (connection === 'bad-token') {
          status.state = 'bad-token';
          log.error(
            'Discord does not know DISCORD_TOKEN: make a new one at https://discord.com/developers/applications under Bot',
          );
          return;
        }
        if (!withMembers) throw new Error('Discord refused the intents of this bot.');
        log.warn(
          'The bot cannot see who joins and leaves: switch on Server Members Intent at ' +
            'https://discord.com/developers/applications under Bot, then restart. It goes on without.',
        );
        status.withMembers = false;
      } catch (error) {
        log.warn('Discord cannot be reached; trying again', { inSeconds: retryMs / 1000, error });
        await new Promise<void>((resolve) => {
          const cancel = timers.after(retryMs, resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      }
      await status.client.destroy();
      status.client = createClient(apiUrl, status.withMembers);
    }
  }
  let wake = (): void => undefined;

  await leadership.renew();
  effects.start();
  for (const loop of loops) loop.start();
  const started = keepTrying();

  return {
    state: () => status.state,
    started,
    effects,
    async stop() {
      status.state = 'stopped';
      wake();
      await status.client.destroy();
      // What was accepted is answered; that may need effects.
      await Promise.all(running);
      await Promise.all([effects.stop(), ...loops.map((loop) => loop.stop())]);
      await leadership.release();
    },
  };
}
