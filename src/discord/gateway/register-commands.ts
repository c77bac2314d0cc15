import { createHash } from 'node:crypto';
import { type REST, type RESTGetAPIApplicationCommandsResult, Routes } from 'discord.js';
import { registeredCommandsNote } from '../../domain/notes.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { CommandTable } from '../framework/command-table.ts';

export interface RegisterParts {
  readonly rest: Pick<REST, 'get' | 'put'>;
  readonly storage: Pick<Storage, 'note' | 'setNote'>;
  readonly applicationId: string;
  readonly definitions: CommandTable['definitions'];
}

/** Tells Discord the global commands where it has others: different ones, or what we told it before an update. */
export async function registerCommands(parts: RegisterParts): Promise<'registered' | 'unchanged'> {
  const { rest, storage, applicationId, definitions } = parts;
  const route = Routes.applicationCommands(applicationId);
  const noteName = registeredCommandsNote(applicationId);
  const hash = createHash('sha256').update(JSON.stringify(definitions)).digest('base64url');

  const there = (await rest.get(route)) as RESTGetAPIApplicationCommandsResult;
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();
  const hasSameNames = JSON.stringify(names(there)) === JSON.stringify(names(definitions));
  if (hasSameNames && (await storage.note(noteName)) === hash) return 'unchanged';

  await rest.put(route, { body: definitions });
  await storage.setNote(noteName, hash, null);
  return 'registered';
}
