import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Granted } from '../../../domain/decision.ts';
import { jsonResponse, type TextResponse } from '../../route.ts';
import { type PossibleReason, type Reason, wordsFor } from '../possible-reasons.ts';
import type { ProtocolContext } from '../protocol.ts';
import type { definition } from './definition.ts';
import { hasForeignKey } from './parse.ts';
import { returnedFields } from './returned-fields.ts';
import { keyFormMessage } from './schema.ts';

export type Words = readonly [status: number, code: string, details: string];

const badRequest: Words = [400, 'BAD_REQUEST', 'Invalid payload'];
const licenseNotFound: Words = [404, 'LICENSE_NOT_FOUND', 'License not found'];
const suspended: Words = [403, 'LICENSE_SUSPENDED', 'License suspended'];

export const words = {
  malformed: badRequest,
  'rate-limited': [429, 'RATE_LIMIT', 'Rate limited'],
  'license-unknown': licenseNotFound,
  'product-mismatch': [404, 'PRODUCT_NOT_FOUND', 'Product not found'],
  'version-mismatch': [404, 'RELEASE_NOT_FOUND', 'Release not found with specified version'],
  'branch-unknown': [404, 'RELEASE_NOT_FOUND', 'Branch not found'],
  'branch-empty': [404, 'RELEASE_NOT_FOUND', 'No releases found for this branch'],
  'customer-mismatch': [404, 'CUSTOMER_NOT_FOUND', 'Customer not found'],
  'ip-blacklisted': [403, 'IP_BLACKLISTED', 'IP address is blacklisted'],
  'country-blacklisted': [403, 'COUNTRY_BLACKLISTED', 'Country is blacklisted'],
  'hwid-blacklisted': [403, 'HARDWARE_IDENTIFIER_BLACKLISTED', 'Hardware identifier is blacklisted'],
  'key-blacklisted': suspended,
  'user-blacklisted': suspended,
  suspended,
  'switched-off': suspended,
  expired: [403, 'LICENSE_EXPIRED', 'License expired'],
  'ip-limit': [403, 'IP_LIMIT_REACHED', 'IP limit reached'],
  'hwid-limit': [403, 'HWID_LIMIT_REACHED', 'HWID limit reached'],
  'store-unavailable': [500, 'INTERNAL_SERVER_ERROR', 'Internal server error'],
  'team-unknown': [404, 'TEAM_NOT_FOUND', 'Team not found'],
} as const satisfies Record<PossibleReason<typeof definition, 'team-id'>, Words>;

/** What every answer of the system looks like. */
export function createEnvelope(now: () => Date) {
  return (data: object | null, [status, code, details]: Words, challengeResponse: object = {}): TextResponse => {
    const timestamp = now().toISOString();
    return jsonResponse(status, {
      data,
      result: { timestamp, valid: status === 200, details, code, ...challengeResponse },
    });
  };
}

/** The answers of one of the two routes, which differ in what they say on success. */
export function createRender({ now, sign }: Pick<ProtocolContext, 'now' | 'sign'>, successDetails: string) {
  const render = createEnvelope(now);

  return {
    renderGrant: (granted: Granted, { challenge, branch }: CheckRequest): TextResponse | Promise<TextResponse> => {
      const renderWith = (signed: object) =>
        render(returnedFields(granted, branch, now()), [200, 'VALID', successDetails], signed);
      if (challenge === null) return renderWith({});
      return sign(granted.guild, challenge, 'lukittu').then((signature) =>
        renderWith({ challengeResponse: signature.toString('hex') }),
      );
    },
    renderDenial: (reason: Reason, detail: string | null, request: CheckRequest | null): TextResponse => {
      // The schema is reported before the team: a request that it rejects is not answered with an unknown team.
      const problem = detail ?? (reason === 'team-unknown' && request ? schemaProblem(request) : null);
      const [status, code, details] = problem === null ? wordsFor(words, reason, licenseNotFound) : badRequest;
      return render(null, [status, code, problem ?? details]);
    },
  };
}

/** What is wrong with a request whose team is unknown, so that no guild can say whether its keys look like this one. */
function schemaProblem(request: CheckRequest): string | null {
  return request.malformed ?? (hasForeignKey(request) ? keyFormMessage : null);
}
