export const scopes = ['auth', 'licenses:read', 'licenses:write'] as const;
export type Scope = (typeof scopes)[number];

/** A named secret of a guild. The secret is shown once, when it is created; the store has only a keyed hash of it. */
export interface ApiKey {
  readonly id: number;
  readonly guildId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  /** `actorText` of the actor who created it. */
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Whether an API key is neither revoked nor expired. */
export function isValid(apiKey: ApiKey, now: Date): boolean {
  return apiKey.revokedAt === null && (apiKey.expiresAt === null || now.getTime() < apiKey.expiresAt.getTime());
}

/** Whether an API key may be used for a scope. */
export function isUsable(apiKey: ApiKey, scope: Scope, now: Date): boolean {
  return isValid(apiKey, now) && apiKey.scopes.includes(scope);
}
