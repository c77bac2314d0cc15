import type { ApiKey, Scope } from '../../domain/api-key.ts';
import type { Recorded, Trail } from './trail.ts';

export interface ApiKeys {
  /**
   * Stores an API key; of its secret only a keyed hash is stored. `taken`: an API key of some guild, which may be
   * revoked or expired, has this secret, and nothing was stored. Of calls that race with one secret, one stores a key.
   */
  createApiKey(
    guildId: string,
    apiKey: {
      readonly name: string;
      readonly scopes: readonly Scope[];
      readonly secret: string;
      readonly expiresAt: Date | null;
      readonly createdBy: string;
    },
    trail: (made: ApiKey) => Trail,
  ): Promise<({ readonly apiKey: ApiKey } & Recorded) | { readonly taken: true }>;
  /**
   * Revokes an API key now, and returns it. Of a key that is revoked already it changes nothing and returns the key
   * with the first `revokedAt`. null: the guild has no API key with this id.
   */
  revokeApiKey(guildId: string, id: number, trail: Trail): Promise<ApiKey | null>;
  /** The guild's API keys by ascending id, revoked and expired ones included. */
  apiKeys(guildId: string): Promise<readonly ApiKey[]>;
  /** The API key with this secret in any guild, which may be revoked or expired. null: there is none. */
  apiKeyBySecret(secret: string): Promise<ApiKey | null>;
}
