import { parseSnowflake } from '../domain/values/ids.ts';
import type { StoreCall } from './framework/command.ts';
import { CommandFailedError } from './framework/errors.ts';
import { readOwner } from './license-options.ts';

/** The option `--owner` of a license: an id that Discord, where it can be asked, has a user for; null: the license gets no owner. */
export async function newOwnerFrom(call: StoreCall): Promise<string | null> {
  const owner = readOwner(call) ?? null;
  await requireDiscordUser(call, owner);
  return owner;
}

/** Ends the command where Discord, if it can be asked, has no user with this id. */
export async function requireDiscordUser(call: StoreCall, id: string | null): Promise<void> {
  const userId = id === null ? null : parseSnowflake(id);
  if (userId !== null && (await call.context.isDiscordUser(userId)) === false) {
    throw new CommandFailedError('user-not-found', `There is no Discord user with the id ${userId}.`);
  }
}
