import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Granted } from '../../../domain/decision.ts';
import { jsonResponse, type TextResponse } from '../../route.ts';
import { type PossibleReason, type Reason, wordsFor } from '../possible-reasons.ts';
import type { ProtocolContext } from '../protocol.ts';
import type { definition } from './definition.ts';
import { schemaError } from './parse.ts';

/** The results that the system documents: one of its clients throws on any other. */
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
} as const satisfies Record<
  Exclude<PossibleReason<typeof definition, 'user-id'>, 'malformed' | 'store-unavailable'>,
  Result
>;

const schemaResponse = jsonResponse(400, { valid: false, error: schemaError });

export function renderDenial(reason: Reason, _detail: string | null, request: CheckRequest | null): TextResponse {
  if (reason === 'store-unavailable') return jsonResponse(500, { valid: false, error: 'INTERNAL_SERVER_ERROR' });
  // Whether the request can be understood comes before whether its user is known.
  const isMalformed = reason === 'malformed' || (reason === 'user-unknown' && (request?.malformed ?? null) !== null);
  if (isMalformed) return schemaResponse;
  return jsonResponse(200, {
    valid: false,
    result: wordsFor<keyof typeof results, Result>(results, reason, 'NOT_ACTIVE'),
  });
}

/** Renders a grant; a challenge of the request is signed. */
export function createGrantRenderer({ sign }: Pick<ProtocolContext, 'sign'>) {
  const valid = { valid: true, result: 'VALID' };
  const unsigned = jsonResponse(200, valid);
  return ({ guild }: Granted, { challenge }: CheckRequest): TextResponse | Promise<TextResponse> => {
    if (challenge === null) return unsigned;
    return sign(guild, challenge, 'licensegate').then((signature) =>
      jsonResponse(200, { ...valid, signedChallenge: signature.toString('base64') }),
    );
  };
}
