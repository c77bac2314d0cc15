import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Granted } from '../../../domain/decision.ts';
import type { Denial, UnknownGuildReason } from '../../../domain/denial.ts';
import { type TextResponse, jsonResponse } from '../../route.ts';
import type { ProtocolContext } from '../protocol.ts';
import { hasForeignKey } from './parse.ts';
import { returnedFields } from './returned-fields.ts';
import { keyFormMessage } from './schema.ts';

type Words = readonly [status: number, code: string, details: string];

const badRequest: Words = [400, 'BAD_REQUEST', 'Invalid payload'];
const teamNotFound: Words = [404, 'TEAM_NOT_FOUND', 'Team not found'];
const licenseNotFound: Words = [404, 'LICENSE_NOT_FOUND', 'License not found'];
const suspended: Words = [403, 'LICENSE_SUSPENDED', 'License suspended'];

const refusals = {
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
  'team-unknown': teamNotFound,
  // No rule of this system says these.
  'product-unknown': licenseNotFound,
  'scope-mismatch': licenseNotFound,
  'points-spent': licenseNotFound,
  'mac-limit': licenseNotFound,
  // Clients of this system name their guild by its team id alone.
  'api-key-missing': teamNotFound,
  'api-key-unknown': teamNotFound,
  'user-unknown': teamNotFound,
  'product-id-unknown': teamNotFound,
} as const satisfies Record<Denial | UnknownGuildReason, Words>;

/** Both routes' answers, and what each says on success. */
export function createRender({ now, sign }: Pick<ProtocolContext, 'now' | 'sign'>, successDetails: string) {
  function answer(data: object | null, [status, code, details]: Words, challengeResponse: object = {}): TextResponse {
    const timestamp = now().toISOString();
    return jsonResponse(status, {
      data,
      result: { timestamp, valid: status === 200, details, code, ...challengeResponse },
    });
  }

  return {
    renderGrant: async (granted: Granted, { challenge }: CheckRequest): Promise<TextResponse> => {
      const signed =
        challenge === null ? {} : { challengeResponse: (await sign(granted.guild, challenge)).toString('hex') };
      return answer(returnedFields(granted), [200, 'VALID', successDetails], signed);
    },
    renderDenial: (
      reason: Denial | UnknownGuildReason,
      detail: string | null,
      request: CheckRequest | null,
    ): TextResponse => {
      // What the schema says comes before whether there is such a team.
      const said = detail ?? (reason === 'team-unknown' && request ? schemaMistake(request) : null);
      const [status, code, details] = said === null ? refusals[reason] : badRequest;
      return answer(null, [status, code, said ?? details]);
    },
  };
}

/** What is said to a request of which no guild can say that its keys look so. */
function schemaMistake(request: CheckRequest): string | null {
  return request.malformed ?? (hasForeignKey(request) ? keyFormMessage : null);
}
