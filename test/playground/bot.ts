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

/** The error with which the local Discord answered a request. */
export interface RestError {
  readonly status: number;
  readonly code: number | string;
  readonly errors: unknown;
}

/** The error of a request that must fail; throws where it succeeds. */
export async function restErrorOf(request: Promise<unknown>): Promise<RestError> {
  try {
    await request;
  } catch (error) {
    if (error instanceof DiscordAPIError) {
      return { status: error.status, code: error.code, errors: (error.rawError as { errors?: unknown }).errors };
    }
    throw error;
  }
  throw new Error('The request did not fail');
}

/** The paths below `errors` that have a problem, as `embeds.0.title BASE_TYPE_MAX_LENGTH`. */
export function problemsIn(errors: unknown, path: readonly string[] = []): string[] {
  if (typeof errors !== 'object' || errors === null) return [];
  return Object.entries(errors).flatMap(([key, value]) =>
    key === '_errors'
      ? (value as { code: string }[]).map(({ code }) => `${path.join('.')} ${code}`)
      : problemsIn(value, [...path, key]),
  );
}

export interface TestSetup {
  readonly discord: LocalDiscord;
  readonly rest: REST;
  readonly guild: string;
  readonly channel: string;
  readonly owner: string;
  readonly buyer: string;
}

/** A local Discord with a guild, a channel, an owner and a buyer, and a REST client for the bot. */
export async function setUpTestGuild(options: LocalDiscordOptions = { rateLimits: false }): Promise<TestSetup> {
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

/** The next interaction that the client receives. */
export function nextInteraction(client: Client): Promise<BaseInteraction> {
  return new Promise((resolve) => client.once(Events.InteractionCreate, resolve));
}
