import {
  Client,
  DiscordAPIError,
  Events,
  GatewayIntentBits,
  REST,
  type BaseInteraction,
  type ClientOptions,
} from 'discord.js';
import {
  startLocalDiscord,
  type LocalDiscord,
  type LocalDiscordOptions,
} from '../../playground/discord/local-discord.ts';

/** What Discord answered to a request that it refused. */
export interface Refusal {
  readonly status: number;
  readonly code: number | string;
  readonly errors: unknown;
}

export async function refusalOf(request: Promise<unknown>): Promise<Refusal> {
  try {
    await request;
  } catch (error) {
    if (error instanceof DiscordAPIError) {
      return { status: error.status, code: error.code, errors: (error.rawError as { errors?: unknown }).errors };
    }
    throw error;
  }
  throw new Error('The request was not refused');
}

/** The paths below `errors` that carry a problem, as `embeds.0.title BASE_TYPE_MAX_LENGTH`. */
export function problemsIn(errors: unknown, path: readonly string[] = []): string[] {
  if (typeof errors !== 'object' || errors === null) return [];
  return Object.entries(errors).flatMap(([key, value]) =>
    key === '_errors'
      ? (value as { code: string }[]).map(({ code }) => `${path.join('.')} ${code}`)
      : problemsIn(value, [...path, key]),
  );
}

export interface Stage {
  readonly discord: LocalDiscord;
  readonly rest: REST;
  readonly guild: string;
  readonly channel: string;
  readonly owner: string;
  readonly buyer: string;
}

/** A guild with a channel, its owner and a buyer; REST calls as the bot. */
export async function setStage(options: LocalDiscordOptions = { rateLimits: false }): Promise<Stage> {
  const discord = await startLocalDiscord(options);
  const rest = new REST({ api: discord.url, retries: 0 }).setToken(discord.token);
  const owner = discord.addUser({ username: 'owner' });
  const buyer = discord.addUser({ username: 'buyer' });
  const guild = discord.addGuild({ name: 'Shop', ownerId: owner });
  const channel = discord.addChannel(guild, { name: 'general' });
  discord.addMember(guild, buyer);
  return { discord, rest, guild, channel, owner, buyer };
}

/** A connected discord.js client. */
export async function connect(discord: LocalDiscord, options: Partial<ClientOptions> = {}): Promise<Client<true>> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: discord.url, retries: 0 },
    ...options,
  });
  const ready = new Promise<void>((resolve) => {
    client.once(Events.ClientReady, () => {
      resolve();
    });
  });
  await client.login(discord.token);
  await ready;
  return client as Client<true>;
}

export function nextInteraction(client: Client): Promise<BaseInteraction> {
  return new Promise((resolve) => client.once(Events.InteractionCreate, resolve));
}
