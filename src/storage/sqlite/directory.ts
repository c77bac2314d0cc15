import type { ApiKey } from '../../domain/api-key.ts';
import { type ApiKeyRow, apiKeyOf } from './bundle-rows.ts';
import type { Prepare } from './database.ts';
import type { Change } from './stamp.ts';

/** Which guild a request is for, over all guilds. */
export interface Directory {
  /** By `hashText`; revoked and expired ones are found too. */
  readonly apiKeys: ReadonlyMap<string, ApiKey>;
  readonly guildsByTeam: ReadonlyMap<string, string>;
  readonly guildsByUser: ReadonlyMap<string, string>;
  /** Deleted products name their guild until they are purged. */
  readonly guildsByProduct: ReadonlyMap<number, string>;
  loadAll(statement: Prepare): void;
  reload(statement: Prepare, change: Change): void;
}

/** A hash as the key of a map. */
export function hashText(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('latin1');
}

interface GuildIds {
  readonly id: string;
  readonly team_id: string;
  readonly user_id: string;
}

export function createDirectory(): Directory {
  const apiKeys = new Map<string, ApiKey>();
  const apiKeyHashes = new Map<number, string>();
  const guildsByTeam = new Map<string, string>();
  const guildsByUser = new Map<string, string>();
  const guildsByProduct = new Map<number, string>();

  function setApiKey(row: ApiKeyRow): void {
    const hash = hashText(row.hash);
    apiKeys.set(hash, apiKeyOf(row));
    apiKeyHashes.set(row.id, hash);
  }

  function loadAll(statement: Prepare): void {
    for (const map of [apiKeys, apiKeyHashes, guildsByTeam, guildsByUser, guildsByProduct]) map.clear();
    for (const row of statement('SELECT * FROM api_keys').all()) setApiKey(row as unknown as ApiKeyRow);
    for (const row of statement('SELECT id, team_id, user_id FROM guilds').all() as unknown as readonly GuildIds[]) {
      guildsByTeam.set(row.team_id, row.id);
      guildsByUser.set(row.user_id, row.id);
    }
    for (const row of statement('SELECT id, guild_id FROM products').all()) {
      guildsByProduct.set(row.id as number, row.guild_id as string);
    }
  }

  function reload(statement: Prepare, { guildId, kind, ref }: Change): void {
    const id = Number(ref);
    if (kind === 'guild') loadAll(statement);
    if (kind === 'api-key') {
      const row = statement('SELECT * FROM api_keys WHERE id = ? AND guild_id = ?').get(id, guildId);
      if (row) setApiKey(row as unknown as ApiKeyRow);
      else apiKeys.delete(apiKeyHashes.get(id) ?? '');
    }
    if (kind === 'product') {
      const row = statement('SELECT 1 FROM products WHERE id = ? AND guild_id = ?').get(id, guildId);
      if (row) guildsByProduct.set(id, guildId);
      else guildsByProduct.delete(id);
    }
  }

  return { apiKeys, guildsByTeam, guildsByUser, guildsByProduct, loadAll, reload };
}
