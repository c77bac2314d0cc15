import { parseSnowflake } from '../domain/values/ids.ts';
import type { StoreCall } from './framework/command.ts';
import { CommandFailedError } from './framework/errors.ts';
import { readOwner } from './license-options.ts';

/** The option `--owner` of a license: an id that Discord, where it can be asked, has a user for; null: the license gets no owner. */
export async function newOwnerFrom(call: StoreCall): Promise<string | null> {
  const owner = readOwner(call) ?? null;
  const userId = owner === null ? null : parseSnowflake(owner);
  if (userId !== null && (await call.context.isDiscordUser(userId)) === false) {
    throw new CommandFailedError('user-not-found', `There is no Discord user with the id ${userId}.`);
  }
  return owner;
}
