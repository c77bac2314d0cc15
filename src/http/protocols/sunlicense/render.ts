import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Denial, UnknownGuildReason } from '../../../domain/denial.ts';
import { type TextResponse, jsonResponse } from '../../route.ts';
import { describeInvalidField } from './parse.ts';

const noLicense = 'License not found';
const noProduct = 'Product not found';

const refusals = {
  malformed: [400, describeInvalidField('licenseKey')],
  'rate-limited': [429, 'Too many requests'],
  'product-unknown': [400, noProduct],
  'product-id-unknown': [400, noProduct],
  'license-unknown': [400, noLicense],
  'product-mismatch': [400, 'License is not valid for this product'],
  'ip-blacklisted': [400, 'IP is blacklisted'],
  'country-blacklisted': [400, 'Country is blacklisted'],
  'hwid-blacklisted': [400, 'HWID is blacklisted'],
  'key-blacklisted': [400, 'License is blacklisted'],
  'user-blacklisted': [400, 'Customer is blacklisted'],
  suspended: [400, 'License is suspended'],
  'switched-off': [400, 'License is not active'],
  expired: [400, 'License has expired'],
  'ip-limit': [400, 'Max IPs reached'],
  'hwid-limit': [400, 'Max HWIDs reached'],
  'mac-limit': [400, 'Max MAC addresses reached'],
  'store-unavailable': [500, 'Internal server error'],
  // No rule of this system says these.
  'version-mismatch': [400, noLicense],
  'branch-unknown': [400, noLicense],
  'branch-empty': [400, noLicense],
  'customer-mismatch': [400, noLicense],
  'scope-mismatch': [400, noLicense],
  'points-spent': [400, noLicense],
  'api-key-missing': [400, noLicense],
  'api-key-unknown': [400, noLicense],
  'team-unknown': [400, noLicense],
  'user-unknown': [400, noLicense],
} as const satisfies Record<Denial | UnknownGuildReason, readonly [status: number, message: string]>;

export function grant(now: Date): TextResponse {
  return answer(200, 'License validated', now);
}

export function refuse(
  now: Date,
  reason: Denial | UnknownGuildReason,
  detail: string | null,
  request: CheckRequest | null,
): TextResponse {
  const [status, message] = refusals[reason];
  // What is malformed can name no product.
  const error = reason === 'product-id-unknown' ? (request?.malformed ?? null) : detail;
  return answer(status, error ?? message, now);
}

function answer(status: number, message: string, now: Date): TextResponse {
  // Java's offset date-times: the official client's form never ends in Z.
  return jsonResponse(status, { message, status, timestamp: now.toISOString().replace('Z', '+00:00') });
}
