import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Granted } from '../../../domain/decision.ts';
import type { KnownUser } from '../../../domain/snapshot.ts';
import { jsonResponse, type TextResponse } from '../../route.ts';
import { type PossibleReason, type Reason, wordsFor } from '../possible-reasons.ts';
import type { definition } from './definition.ts';
import { missingFields } from './parse.ts';

type Words = readonly [status: number, message: string];

const tooMany = 'Too many requests, please try again later.';
const internal = 'Internal server error';
const notFound = 'License not found';

const words = {
  malformed: [400, missingFields],
  'rate-limited': [429, tooMany],
  'product-unknown': [404, 'Product not found'],
  'license-unknown': [404, notFound],
  'product-mismatch': [400, 'License is not valid for this product'],
  'version-mismatch': [400, 'Invalid product version'],
  'ip-blacklisted': [403, 'Your IP is blacklisted!'],
  'country-blacklisted': [403, 'Your country is blacklisted!'],
  'hwid-blacklisted': [403, 'Your HWID is blacklisted!'],
  'key-blacklisted': [403, 'Your License is blacklisted at the moment!'],
  'user-blacklisted': [403, 'Your Discord account is blacklisted!'],
  suspended: [403, 'License is suspended'],
  'switched-off': [403, 'License is switched off'],
  expired: [400, 'License has expired'],
  'ip-limit': [400, 'Maximum number of IPs reached'],
  'hwid-limit': [400, 'Maximum number of HWIDs reached'],
  'store-unavailable': [500, internal],
  'api-key-missing': [401, 'Authorization header is missing'],
  'api-key-unknown': [403, 'Invalid API Key'],
} as const satisfies Record<PossibleReason<typeof definition, 'api-key'>, Words>;

export function renderDenial(reason: Reason, detail: string | null): TextResponse {
  const [status, message] = wordsFor<keyof typeof words, Words>(words, reason, [404, notFound]);
  return jsonResponse(status, { message: detail ?? message, status_overview: 'failed' });
}

export function renderGrant({ license, product, owner }: Granted, request: CheckRequest): TextResponse {
  const version = license.staff ? request.version : product.version;
  return jsonResponse(200, {
    status_msg: 'Successful Authentication!',
    status_overview: 'success',
    status_code: 200,
    version: version ?? request.version,
    discord_id: license.ownerId ?? '',
    discord_username: owner?.username ?? '',
    discord_tag: owner ? tagOf(owner) : '',
    expire_date: license.expiresAt ? usDate(license.expiresAt) : 'Never',
    staff_license: license.staff,
    ...(license.staff ? { product: request.product } : {}),
  });
}

/** Discord's old form, which clients parse; new accounts have no discriminator. */
function tagOf({ username, discriminator }: KnownUser): string {
  return `@${username}#${discriminator.padStart(4, '0')}`;
}

/** MM/DD/YYYY in UTC. */
function usDate(date: Date): string {
  const [year, month, day] = date.toISOString().slice(0, 10).split('-');
  return `${month}/${day}/${year}`;
}
