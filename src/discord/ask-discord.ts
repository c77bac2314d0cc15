import { DiscordAPIError, REST } from '@discordjs/rest';
import { fail, type Result, succeed } from '../domain/values/result.ts';

export interface DiscordAccess {
  readonly token: string;
  /** null: Discord is asked whose token it is. */
  readonly applicationId: string | null;
  readonly apiUrl: string | null;
}

export interface Asking {
  readonly rest: Pick<REST, 'get' | 'put' | 'delete'>;
  readonly applicationId: string;
}

/** Asks Discord by REST, without connecting to the gateway. The error is one sentence. */
export async function askDiscord<T>(
  { token, applicationId, apiUrl }: DiscordAccess,
  ask: (asking: Asking) => Promise<T>,
): Promise<Result<T, string>> {
  const client = new REST({ version: '10', retries: 1, ...(apiUrl !== null && { api: apiUrl }) }).setToken(token);
  const rest = withDescribedErrors(client);
  try {
    const ownId = applicationId ?? ((await rest.get('/applications/@me')) as { id: string }).id;
    return succeed(await ask({ rest, applicationId: ownId }));
  } catch (error) {
    if (error instanceof RequestError) return fail(error.message);
    throw error;
  }
}

/** A request to Discord failed; the message says why, for the person at the command line. */
class RequestError extends Error {
  override readonly name = 'RequestError';
}

/** Requests whose errors are sentences. */
function withDescribedErrors(client: REST): Asking['rest'] {
  const rethrow = (error: unknown) => {
    throw new RequestError(describeRequestError(error), { cause: error });
  };
  return {
    get: (...args) => client.get(...args).catch(rethrow),
    put: (...args) => client.put(...args).catch(rethrow),
    delete: (...args) => client.delete(...args).catch(rethrow),
  };
}

/** Discord's error codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const unknownGuild = 10_004;
const wrongApplication = 20_012;
const missingAccess = 50_001;

function describeRequestError(error: unknown): string {
  if (!(error instanceof DiscordAPIError)) {
    return `Discord cannot be reached: ${error instanceof Error ? error.message : String(error)}.`;
  }
  if (error.status === 401) {
    return 'Discord does not know DISCORD_TOKEN: make a new one at https://discord.com/developers/applications under Bot.';
  }
  if (error.code === wrongApplication) return 'DISCORD_CLIENT_ID is not the application that DISCORD_TOKEN belongs to.';
  if (error.code === unknownGuild || error.code === missingAccess)
    return 'The bot is not in that server: invite it first.';
  return `Discord said: ${error.message}.`;
}
