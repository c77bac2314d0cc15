import type { ApiKey, Scope } from '../../domain/api-key.ts';
import type { Recorded, Trail } from './trail.ts';

export interface ApiKeys {
  /** The secret is stored as a keyed hash. A secret known anywhere in the installation is refused. */
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
  /** null: no such key in this guild; revoking again changes nothing. */
  revokeApiKey(guildId: string, id: number, trail: Trail): Promise<ApiKey | null>;
  apiKeys(guildId: string): Promise<readonly ApiKey[]>;
  /** Over all guilds, revoked and expired ones too. null: no API key has this secret. */
  apiKeyBySecret(secret: string): Promise<ApiKey | null>;
}
