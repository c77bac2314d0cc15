import type { CheckRequest } from '../../../domain/check-request.ts';
import { jsonResponse, type TextResponse } from '../../route.ts';
import { type PossibleReason, type Reason, wordsFor } from '../possible-reasons.ts';
import type { definition } from './definition.ts';
import { describeInvalidField } from './parse.ts';

type Words = readonly [status: number, message: string];

const noLicense = 'License not found';
const noProduct = 'Product not found';

const words = {
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
} as const satisfies Record<PossibleReason<typeof definition, 'product-id'>, Words>;

export function renderGrant(now: Date): TextResponse {
  return render(200, 'License validated', now);
}

export function renderDenial(
  now: Date,
  reason: Reason,
  detail: string | null,
  request: CheckRequest | null,
): TextResponse {
  const [status, message] = wordsFor<keyof typeof words, Words>(words, reason, [400, noLicense]);
  // A malformed request cannot name a product, so that its product is unknown too.
  const error = reason === 'product-id-unknown' ? (request?.malformed ?? null) : detail;
  return render(status, error ?? message, now);
}

function render(status: number, message: string, now: Date): TextResponse {
  // The official client parses Java's offset date-times, whose text never ends in Z.
  return jsonResponse(status, { message, status, timestamp: now.toISOString().replace('Z', '+00:00') });
}
