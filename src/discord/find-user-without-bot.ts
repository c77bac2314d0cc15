import { DiscordAPIError, REST } from '@discordjs/rest';
import { Routes } from 'discord.js';

export interface FindUserParts {
  readonly token: string;
  readonly apiUrl: string | null;
  readonly userId: string;
}

/** A command line waits no longer than this for a question that may stay open. */
const timeoutMs = 3000;
const unknownUser = 10_013;

/** Whether there is a Discord user with this id. null: Discord does not answer, or refuses the token. */
export async function isDiscordUser({ token, apiUrl, userId }: FindUserParts): Promise<boolean | null> {
  const options = { version: '10', retries: 0, timeout: timeoutMs, ...(apiUrl !== null && { api: apiUrl }) };
  try {
    await new REST(options).setToken(token).get(Routes.user(userId));
    return true;
  } catch (error) {
    return error instanceof DiscordAPIError && error.code === unknownUser ? false : null;
  }
}
