import type { Client, Interaction } from 'discord.js';
import { minuteMs } from '../domain/values/calendar.ts';
import { countryCodes, countryName } from '../domain/values/countries.ts';
import type { Log } from '../log/log.ts';
import type { Services } from '../services/services.ts';
import type { Storage } from '../storage/port/storage.ts';
import { builtInHandlers } from './framework/built-in-handlers.ts';
import { createClient } from './gateway/client.ts';
import type { Command } from './framework/command.ts';
import { createCommandTable } from './framework/command-table.ts';
import type { Sign } from './framework/custom-id.ts';
import { describeDelivery } from './effects/describe-delivery.ts';
import { createDiscordApi, createRest } from './gateway/discord-api.ts';
import { createDiscordView } from './gateway/discord-view.ts';
import { createDispatch } from './framework/dispatch.ts';
import { createEffectsRunner, type EffectsRunner } from './effects/effects-runner.ts';
import type { BotEvent, EventContext } from './framework/bot-event.ts';
import { createSavedStates } from './framework/saved-states.ts';
import { findForeignCommands } from './gateway/foreign-commands.ts';
import { createLateInteractions } from './framework/late-interactions.ts';
import { createLeadership } from './gateway/leadership.ts';
import { actionMenuHandlers } from './log/action-menu.ts';
import { createLogShipper } from './log/log-shipper.ts';
import { createLoop } from './gateway/loop.ts';
import { followHwidHandlers } from './views/follow-hwid.ts';
import { createPickUpHandlers } from './views/pick-up.ts';
import { createRememberUser } from './gateway/remember-users.ts';
import { registerCommands } from './gateway/register-commands.ts';
import { createRetry } from './gateway/retry.ts';
import { type BotState, stayConnected } from './gateway/stay-connected.ts';
import { systemTimers, type Timers } from './gateway/timers.ts';

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
  /** What the bot offers: the lists of commands/ and events/. */
  readonly commands: readonly Command[];
  readonly events: readonly BotEvent[];
}

export interface Bot {
  state(): BotState;
  /** Resolves when the bot is connected for the first time, or never can be. */
  readonly started: Promise<void>;
  readonly effects: Pick<EffectsRunner, 'wake' | 'settled'>;
  /** Finishes what is under way; resolves when nothing more is sent to Discord. */
  stop(): Promise<void>;
}

/** For how long the reply to a change may still be completed by what becomes of its DMs and roles. */
const deliveryTimeoutMs = minuteMs;

/**
 * The first number that is written for people makes Node load what it knows of languages, for 15 ms, and the first name of
 * a country 5 ms more. Done at the start, it holds up no checks in the middle of a command.
 */
function loadLanguages(): void {
  (0).toLocaleString('en-US');
  countryName(countryCodes[0] ?? '');
}

/** Starts the bot. It also runs while Discord does not answer: effects are stored and carried out later. */
export async function startBot(parts: BotParts): Promise<Bot> {
  const { config, services, storage, clock, randomBytes, sign, log, commands, events, timers = systemTimers } = parts;
  const { token, apiUrl } = config.discord;
  const { allowed } = config.guilds;
  loadLanguages();

  const rest = createRest(apiUrl, token);
  const rememberUser = createRememberUser(services, log);
  const api = createDiscordApi(rest, rememberUser);
  const leadership = createLeadership({ storage, clock, holder: Buffer.from(randomBytes(9)).toString('base64url') });
  const isLeading = () => leadership.fence() !== null;
  const effects = createEffectsRunner({ storage, services, api, sign, clock, timers, log, isLeading });
  const shipper = createLogShipper({ storage, services, api, sign, clock, log, fence: () => leadership.fence() });
  const loops = [
    createLoop({ name: 'Renewing the lease', intervalMs: 1000, step: () => leadership.renew(), timers, log }),
    createLoop({ name: 'Posting logs', intervalMs: shipper.intervalMs, step: () => shipper.tick(), timers, log }),
  ];

  const retry = createRetry(timers);
  const table = createCommandTable(commands, {
    ...builtInHandlers,
    ...createPickUpHandlers(storage),
    ...actionMenuHandlers,
    ...followHwidHandlers,
  });
  const commandParts = () => {
    const { application } = connection.client();
    if (!application) throw new Error('The bot is not connected to Discord.');
    return { rest, storage, applicationId: application.id, table };
  };
  const late = createLateInteractions(log);
  loops.push(
    createLoop({ name: 'Reporting late interactions', intervalMs: minuteMs, step: () => late.report(), timers, log }),
  );
  const dispatch = createDispatch({
    late,
    table,
    services,
    clock,
    sign,
    log,
    timers,
    randomBytes,
    allowedGuildIds: allowed,
    rememberUser,
    savedStates: createSavedStates({ storage, clock, randomBytes }),
    discord: createDiscordView({ client: () => connection.client(), api, commandParts }),
    deliver: (effectIds, where) => {
      if (effectIds.length > 0) effects.wake();
      return {
        soFar: async () => describeDelivery(await storage.effectsById(effectIds), where, false),
        end: async () => describeDelivery(await effects.settled(effectIds, deliveryTimeoutMs), where, true),
      };
    },
  });

  /** Interactions that are being answered. */
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
      wakeEffects: () => {
        effects.wake();
      },
      serves: (guildId) => allowed === null || allowed.includes(guildId),
      servesAnyGuild: allowed === null,
      registerCommands: async (applicationId) => {
        const { definitions } = table;
        const outcome = await retry.untilDone(
          () => registerCommands({ rest, storage, applicationId, guildId: null, definitions }),
          (error, inSeconds) => {
            log.warn('The commands could not be registered; trying again', { inSeconds, error });
          },
        );
        if (outcome && outcome.registered > 0) log.info('The commands were registered', { count: outcome.registered });
      },
      findForeignCommands: (guildId) => findForeignCommands(commandParts(), guildId),
    };
    for (const event of events) {
      event.listen(client, context, (name, act) => {
        act().catch((error: unknown) => {
          log.error('An event was not handled', { event: name, error });
        });
      });
    }
    client.on('error', (error) => {
      log.warn('The connection to Discord had an error', { error });
    });
  }

  await leadership.renew();
  effects.start();
  for (const loop of loops) loop.start();
  const connection = stayConnected({
    token,
    createClient: (withMembers) => createClient(apiUrl, withMembers),
    listen,
    retry,
    log,
  });

  return {
    state: () => connection.state(),
    started: connection.started,
    effects,
    async stop() {
      retry.stop();
      await connection.stop();
      effects.endWaits();
      // Interactions that are being answered may still be reading effects, so effects stop after them.
      await Promise.all(running);
      await late.report();
      await Promise.all([effects.stop(), ...loops.map((loop) => loop.stop())]);
      await leadership.release();
    },
  };
}
