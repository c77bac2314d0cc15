import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Granted } from '../../../domain/decision.ts';
import type { Denial, UnknownGuildReason } from '../../../domain/denial.ts';
import { type TextResponse, jsonResponse } from '../../route.ts';
import type { ProtocolContext } from '../protocol.ts';
import { schemaError } from './parse.ts';

/** One client throws on any other. */
type Result =
  'NOT_FOUND' | 'NOT_ACTIVE' | 'EXPIRED' | 'LICENSE_SCOPE_FAILED' | 'IP_LIMIT_EXCEEDED' | 'RATE_LIMIT_EXCEEDED';

const results = {
  'rate-limited': 'RATE_LIMIT_EXCEEDED',
  'license-unknown': 'NOT_FOUND',
  'ip-blacklisted': 'NOT_ACTIVE',
  'country-blacklisted': 'NOT_ACTIVE',
  'key-blacklisted': 'NOT_ACTIVE',
  'user-blacklisted': 'NOT_ACTIVE',
  suspended: 'NOT_ACTIVE',
  'switched-off': 'NOT_ACTIVE',
  expired: 'EXPIRED',
  'scope-mismatch': 'LICENSE_SCOPE_FAILED',
  'points-spent': 'RATE_LIMIT_EXCEEDED',
  'ip-limit': 'IP_LIMIT_EXCEEDED',
  'user-unknown': 'NOT_FOUND',
  // No rule of this system says these.
  'product-unknown': 'NOT_ACTIVE',
  'product-mismatch': 'NOT_ACTIVE',
  'version-mismatch': 'NOT_ACTIVE',
  'branch-unknown': 'NOT_ACTIVE',
  'branch-empty': 'NOT_ACTIVE',
  'customer-mismatch': 'NOT_ACTIVE',
  'hwid-blacklisted': 'NOT_ACTIVE',
  'hwid-limit': 'NOT_ACTIVE',
  'mac-limit': 'NOT_ACTIVE',
  // Clients of this system name their guild by its user id alone.
  'api-key-missing': 'NOT_FOUND',
  'api-key-unknown': 'NOT_FOUND',
  'team-unknown': 'NOT_FOUND',
  'product-id-unknown': 'NOT_FOUND',
} as const satisfies Record<Exclude<Denial | UnknownGuildReason, 'malformed' | 'store-unavailable'>, Result>;

const schemaAnswer = jsonResponse(400, { valid: false, error: schemaError });

export function refuse(
  reason: Denial | UnknownGuildReason,
  _detail: string | null,
  request: CheckRequest | null,
): TextResponse {
  if (reason === 'store-unavailable') return jsonResponse(500, { valid: false, error: 'INTERNAL_SERVER_ERROR' });
  // Whether the request can be understood comes before whether its user is known.
  const isMalformed = reason === 'malformed' || (reason === 'user-unknown' && (request?.malformed ?? null) !== null);
  if (isMalformed) return schemaAnswer;
  return jsonResponse(200, { valid: false, result: results[reason] });
}

/** Signs the challenge, if there is one. */
export function createGrant({ sign }: Pick<ProtocolContext, 'sign'>) {
  return async ({ guild }: Granted, { challenge }: CheckRequest): Promise<TextResponse> => {
    const signed = challenge === null ? {} : { signedChallenge: (await sign(guild, challenge)).toString('base64') };
    return jsonResponse(200, { valid: true, result: 'VALID', ...signed });
  };
}
