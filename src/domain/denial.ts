/** Why a check is denied. Every protocol has an answer for each. */
export const denials = [
  'malformed',
  'rate-limited',
  'product-unknown',
  'license-unknown',
  'product-mismatch',
  'version-mismatch',
  'branch-unknown',
  'branch-empty',
  'customer-mismatch',
  'ip-blacklisted',
  'country-blacklisted',
  'hwid-blacklisted',
  'key-blacklisted',
  'user-blacklisted',
  'suspended',
  'switched-off',
  'expired',
  'scope-mismatch',
  'points-spent',
  'ip-limit',
  'hwid-limit',
  'mac-limit',
  'store-unavailable',
] as const;
export type Denial = (typeof denials)[number];

/** Why no guild was found for a request. Such requests are no attempts; the guard counts them as unknown values. */
export type UnknownGuildReason =
  'api-key-missing' | 'api-key-unknown' | 'team-unknown' | 'user-unknown' | 'product-id-unknown';

/** The result of an attempt: `granted` or a denial. */
export type AttemptResult = 'granted' | Denial;
