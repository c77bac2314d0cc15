export const scopes = ['auth', 'licenses:read', 'licenses:write'] as const;
export type Scope = (typeof scopes)[number];

/** A named secret of a guild. The secret is shown once; the store keeps a keyed hash of it. */
export interface ApiKey {
  readonly id: number;
  readonly guildId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Revoked, expired and wrong-scope API keys are unknown to whoever presents them. */
export function isUsable(apiKey: ApiKey, scope: Scope, now: Date): boolean {
  return (
    apiKey.revokedAt === null &&
    (apiKey.expiresAt === null || now.getTime() < apiKey.expiresAt.getTime()) &&
    apiKey.scopes.includes(scope)
  );
}
