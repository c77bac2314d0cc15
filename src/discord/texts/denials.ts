import type { AttemptResult } from '../../domain/denial.ts';

/** The result of a check in a few words, for staff. */
export const resultWords = {
  granted: 'granted',
  malformed: 'malformed request',
  'rate-limited': 'too many requests',
  'product-unknown': 'unknown product',
  'license-unknown': 'unknown key',
  'product-mismatch': 'key of another product',
  'version-mismatch': 'wrong version',
  'branch-unknown': 'unknown branch',
  'branch-empty': 'branch without release',
  'customer-mismatch': 'another customer’s key',
  'ip-blacklisted': 'blacklisted IP',
  'country-blacklisted': 'blacklisted country',
  'hwid-blacklisted': 'blacklisted HWID',
  'key-blacklisted': 'blacklisted key',
  'user-blacklisted': 'blacklisted owner',
  suspended: 'suspended',
  'switched-off': 'paused by its owner',
  expired: 'expired',
  'scope-mismatch': 'wrong scope',
  'points-spent': 'no validation points left',
  'ip-limit': 'too many IPs',
  'hwid-limit': 'too many HWIDs',
  'mac-limit': 'too many MACs',
  'store-unavailable': 'the store did not answer',
} as const satisfies Record<AttemptResult, string>;
