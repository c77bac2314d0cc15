import { createHash } from 'node:crypto';
import { type REST, type RESTGetAPIApplicationCommandsResult, Routes } from 'discord.js';
import { registeredCommandsNote } from '../../domain/notes.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { CommandTable } from '../framework/command-table.ts';

export interface RegisterParts {
  readonly rest: Pick<REST, 'get' | 'put'>;
  readonly storage: Pick<Storage, 'note' | 'setNote'>;
  readonly applicationId: string;
  /** null: the global commands, which every guild and DM has. */
  readonly guildId: string | null;
  /** All commands that there shall be; none clears them. */
  readonly definitions: CommandTable['definitions'];
}

/** How many commands Discord was given, and how many it had that are gone. Both 0: nothing had to be changed. */
export interface Registration {
  readonly registered: number;
  readonly removed: number;
}

/**
 * Registers the commands with Discord unless it has them already. Discord fills in fields and orders of its own, so
 * what it has is compared by name, and the stored hash says whether the definitions have changed since.
 */
export async function registerCommands(parts: RegisterParts): Promise<Registration> {
  const { rest, storage, applicationId, guildId, definitions } = parts;
  const route =
    guildId === null
      ? Routes.applicationCommands(applicationId)
      : Routes.applicationGuildCommands(applicationId, guildId);
  const noteName = registeredCommandsNote(applicationId, guildId);
  const hash = hashOf(definitions);

  const namesBefore = ((await rest.get(route)) as RESTGetAPIApplicationCommandsResult).map(({ name }) => name);
  const names = definitions.map(({ name }) => name);
  const hasSameNames = JSON.stringify(namesBefore.sort()) === JSON.stringify(names.sort());
  if (hasSameNames && (await storage.note(noteName)) === hash) return { registered: 0, removed: 0 };

  await rest.put(route, { body: definitions });
  await storage.setNote(noteName, hash, null);
  return { registered: names.length, removed: namesBefore.filter((name) => !names.includes(name)).length };
}

/** Returns whether definitions are those that the note of `registeredCommandsNote` stands for. */
export function hashOf(definitions: CommandTable['definitions']): string {
  return createHash('sha256').update(JSON.stringify(definitions)).digest('base64url');
}
