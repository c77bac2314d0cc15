import type { GuildDirectory } from '../../guild-directory.ts';
import { type ApiKeyRow, apiKeyOf } from './rows.ts';
import type { Prepare } from '../database/database.ts';
import type { Change } from './bundle-version.ts';

interface GuildIds {
  readonly id: string;
  readonly teamId: string;
  readonly userId: string;
}

/** Fills the directory with the API keys, ids and products of all guilds. */
export function loadDirectory(statement: Prepare, directory: GuildDirectory): void {
  directory.clear();
  for (const row of statement('SELECT * FROM api_keys').all() as unknown as readonly ApiKeyRow[]) {
    directory.setApiKey(row.hash, apiKeyOf(row));
  }
  for (const guild of statement('SELECT id, team_id AS teamId, user_id AS userId FROM guilds').all()) {
    directory.setGuild(guild as unknown as GuildIds);
  }
  for (const { id, guild_id: guildId } of statement('SELECT id, guild_id FROM products').all()) {
    directory.setProduct(id as number, guildId as string);
  }
}

/** Reloads what a change was about. */
export function reloadDirectory(statement: Prepare, directory: GuildDirectory, { guildId, kind, ref }: Change): void {
  const id = Number(ref);
  if (kind === 'guild') loadDirectory(statement, directory);
  if (kind === 'api-key') {
    const row = statement('SELECT * FROM api_keys WHERE id = ? AND guild_id = ?').get(id, guildId);
    if (row) directory.setApiKey(row.hash as Uint8Array, apiKeyOf(row as unknown as ApiKeyRow));
    else directory.removeApiKey(id);
  }
  if (kind === 'product') {
    const row = statement('SELECT 1 FROM products WHERE id = ? AND guild_id = ?').get(id, guildId);
    if (row) directory.setProduct(id, guildId);
    else directory.removeProduct(id);
  }
}
