/** When a license ends. A duration counts days from its creation or from its first grant. */
export type Expiry =
  | { readonly type: 'never' }
  | { readonly type: 'date' }
  | { readonly type: 'duration'; readonly start: 'creation' | 'activation'; readonly days: number };

/** Expired from the instant `now >= expiresAt`. */
export function isExpired(expiresAt: Date | null, now: Date): boolean {
  return expiresAt !== null && now.getTime() >= expiresAt.getTime();
}
