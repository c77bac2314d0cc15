import type { ApiKeys } from '../../port/api-keys.ts';
import { type ApiKeyRow, apiKeyOf } from './rows.ts';
import type { SqliteStore } from '../connection.ts';
import { requireGuild } from '../requirements.ts';
import { recordTrail } from '../trail.ts';

export function createApiKeys(store: SqliteStore): ApiKeys {
  const { statement } = store;

  return {
    createApiKey: (guildId, { name, scopes, secret, expiresAt, createdBy }, trail) =>
      store.write(() => {
        requireGuild(store, guildId);
        const hash = store.vault.apiKeyHash(secret);
        if (statement('SELECT 1 FROM api_keys WHERE hash = ?').get(hash)) return { taken: true as const };
        const row = statement(
          `INSERT INTO api_keys (guild_id, name, hash, scopes, created_at, created_by, expires_at)
           VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *`,
        ).get(
          guildId,
          name,
          hash,
          JSON.stringify(scopes),
          store.now().getTime(),
          createdBy,
          expiresAt?.getTime() ?? null,
        );
        const apiKey = apiKeyOf(row as unknown as ApiKeyRow);
        store.raiseBundleVersion(guildId, 'api-key', String(apiKey.id));
        return { apiKey, ...recordTrail(store, guildId, trail(apiKey)) };
      }),

    revokeApiKey: (guildId, id, trail) =>
      store.write(() => {
        const found = statement('SELECT * FROM api_keys WHERE id = ? AND guild_id = ?').get(id, guildId);
        if (!found) return null;
        const current = apiKeyOf(found as unknown as ApiKeyRow);
        if (current.revokedAt) return current;
        const revokedAt = store.now();
        statement('UPDATE api_keys SET revoked_at = ? WHERE id = ?').run(revokedAt.getTime(), id);
        store.raiseBundleVersion(guildId, 'api-key', String(id));
        recordTrail(store, guildId, trail);
        return { ...current, revokedAt };
      }),

    apiKeys: (guildId) =>
      store.read(() => {
        const rows = statement('SELECT * FROM api_keys WHERE guild_id = ? ORDER BY id').all(guildId);
        return (rows as unknown as readonly ApiKeyRow[]).map(apiKeyOf);
      }),

    apiKeyBySecret: (secret) =>
      store.read(() => {
        const row = statement('SELECT * FROM api_keys WHERE hash = ?').get(store.vault.apiKeyHash(secret));
        return row ? apiKeyOf(row as unknown as ApiKeyRow) : null;
      }),
  };
}
