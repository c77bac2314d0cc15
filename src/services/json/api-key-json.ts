import type { ApiKey } from '../../domain/api-key.ts';
import { instantJson } from './instant-json.ts';

/** An API key as JSON, without its secret. */
export function apiKeyJson({ id, name, scopes, createdAt, expiresAt, revokedAt }: ApiKey): object {
  return {
    id,
    name,
    scopes,
    createdAt: instantJson(createdAt),
    expiresAt: instantJson(expiresAt),
    revokedAt: instantJson(revokedAt),
  };
}

/** An API key as JSON in the one answer that shows its secret. */
export function newApiKeyJson({ id, name, scopes }: ApiKey, secret: string): object {
  return { id, name, scopes, secret };
}
