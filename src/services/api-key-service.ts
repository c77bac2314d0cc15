import type { ApiKey, Scope } from '../domain/api-key.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import type { By } from './context.ts';

export interface CreateApiKeyInput extends By {
  readonly name: string;
  /** Default: `auth`. */
  readonly scopes?: readonly string[] | undefined;
  /** Supplied: 1 to 255 printable characters. Left out: a new one. */
  readonly secret?: string | undefined;
  /** A date or `90d`; left out: never. */
  readonly expires?: string | undefined;
}

export interface ApiKeyCreated {
  readonly apiKey: ApiKey;
  /** Shown this once. */
  readonly secret: string;
  readonly warnings: readonly string[];
}

export interface ApiKeyService {
  /** Refuses: scope-unknown, api-key-invalid, api-key-taken, invalid-expiry. */
  create(input: CreateApiKeyInput): Promise<Result<ApiKeyCreated, Refusal>>;
  list(guildId: string): Promise<readonly ApiKey[]>;
  /**
   * Who presents this secret. null: nobody; revoked, expired and wrong-scope API keys are unknown. Found by keyed hash,
   * so that its time tells nothing about secrets.
   */
  identify(secret: string, scope: Scope): Promise<ApiKey | null>;
  /** Refuses: api-key-not-found. */
  revoke(input: By & { readonly id: number }): Promise<Result<ApiKey, Refusal>>;
}
