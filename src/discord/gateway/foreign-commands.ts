import { type APIApplicationCommand, type REST, RESTJSONErrorCodes, Routes } from 'discord.js';
import { registeredCommandsNote } from '../../domain/notes.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { ForeignCommand } from '../framework/command-context.ts';
import type { CommandTable } from '../framework/command-table.ts';
import { isDiscordError } from './discord-errors.ts';
import { hashOf } from './register-commands.ts';

export interface ForeignCommandsParts {
  readonly rest: Pick<REST, 'get' | 'delete'>;
  readonly storage: Pick<Storage, 'note'>;
  readonly applicationId: string;
  readonly table: Pick<CommandTable, 'definitions'>;
}

/**
 * The commands that another program left in this guild on the same application. Discord shows them next to the global
 * ones, and sends them to this program, which does not know them. Those of `latchkey discord register --guild` are ours.
 */
export async function findForeignCommands(
  { rest, storage, applicationId, table }: ForeignCommandsParts,
  guildId: string,
): Promise<readonly ForeignCommand[]> {
  const route = Routes.applicationGuildCommands(applicationId, guildId);
  const [commands, registered] = await Promise.all([
    rest.get(route) as Promise<readonly APIApplicationCommand[]>,
    storage.note(registeredCommandsNote(applicationId, guildId)),
  ]);
  const isOurs = registered !== null && registered !== hashOf([]);
  const ours = isOurs ? table.definitions.map(({ name }) => name) : [];
  return commands.filter(({ name }) => !ours.includes(name));
}

/** Removes what `findForeignCommands` finds, and returns it. */
export async function removeForeignCommands(
  parts: ForeignCommandsParts,
  guildId: string,
): Promise<readonly ForeignCommand[]> {
  const found = await findForeignCommands(parts, guildId);
  for (const { id } of found) {
    const gone = parts.rest.delete(Routes.applicationGuildCommand(parts.applicationId, guildId, id));
    await gone.catch((error: unknown) => {
      // Another client of the API removed it in the meantime.
      if (!isDiscordError(error, RESTJSONErrorCodes.UnknownApplicationCommand)) throw error;
    });
  }
  return found;
}
