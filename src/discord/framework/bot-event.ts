import type { Client, ClientEvents, Interaction } from 'discord.js';
import type { Log } from '../../log/log.ts';
import type { Services } from '../../services/services.ts';

/** What the handlers of gateway events are given. */
export interface EventContext {
  readonly services: Services;
  readonly log: Log;
  readonly client: Client;
  readonly dispatch: (interaction: Interaction) => Promise<void>;
  /** Carries out stored effects now instead of within a second. */
  readonly wakeEffects: () => void;
  readonly serves: (guildId: string) => boolean;
  /** Whether every guild is served (`guilds.allowed` is unset). */
  readonly servesAnyGuild: boolean;
  readonly registerCommands: (applicationId: string) => Promise<void>;
  /** The commands that another program left in a guild. */
  readonly findForeignCommands: (guildId: string) => Promise<readonly { readonly name: string }[]>;
}

/** The handler of one gateway event; what it throws is logged. */
export interface BotEvent {
  readonly name: keyof ClientEvents;
  readonly listen: (client: Client, context: EventContext, caught: Caught) => void;
}

/** Runs something whose failure must not end the process. */
type Caught = (event: string, act: () => Promise<void>) => void;

export function botEvent<K extends keyof ClientEvents>(
  name: K,
  run: (context: EventContext, ...args: ClientEvents[K]) => Promise<void>,
): BotEvent {
  return {
    name,
    listen: (client, context, caught) => {
      client.on(name, (...args) => {
        caught(name, () => run(context, ...args));
      });
    },
  };
}
