import type { ApiKey } from '../../domain/api-key.ts';
import { escapeText } from './escape-text.ts';
import { fullTime, relativeTime } from './phrases.ts';

/** An API key within a sentence, by name and number. */
export function apiKeyName({ id, name }: ApiKey): string {
  return `**${escapeText(name)}** (#${id})`;
}

/** An API key in a list. */
export function describeApiKey(apiKey: ApiKey, now: Date): string {
  return [apiKeyName(apiKey), apiKey.scopes.join(', '), describeApiKeyState(apiKey, now)].join(' · ');
}

export function describeApiKeyState({ revokedAt, expiresAt }: ApiKey, now: Date): string {
  if (revokedAt) return `revoked ${relativeTime(revokedAt)}`;
  if (!expiresAt) return 'valid for ever';
  return expiresAt > now ? `valid until ${fullTime(expiresAt)}` : `expired ${relativeTime(expiresAt)}`;
}
