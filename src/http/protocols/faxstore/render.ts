import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Granted } from '../../../domain/decision.ts';
import type { Denial, UnknownGuildReason } from '../../../domain/denial.ts';
import { type TextResponse, jsonResponse } from '../../route.ts';

type Words = readonly [http: number, status: string, details: string];

// Decided checks are 200: some platforms hide the body of anything else from their programs.
const noProduct: Words = [200, 'NOT FOUND', 'The product was not found. Please check your product ID is correct'];
const noKey: Words = [
  200,
  'NOT FOUND',
  'The supplied license key was not found. Please check your auth key is correct',
];
const disabled: Words = [200, 'KEY DISABLED', 'The supplied license key has been disabled'];

const refusals: Readonly<Record<Denial | UnknownGuildReason, Words>> = {
  malformed: [200, 'BAD REQUEST', 'The request could not be read'],
  'rate-limited': [429, 'RATE LIMITED', 'Too many requests'],
  'product-unknown': noProduct,
  'product-id-unknown': noProduct,
  'license-unknown': noKey,
  'product-mismatch': noProduct,
  'ip-blacklisted': disabled,
  'country-blacklisted': disabled,
  'key-blacklisted': disabled,
  'user-blacklisted': disabled,
  suspended: disabled,
  'switched-off': [200, 'NOT ACTIVE', 'The supplied license key is not active'],
  expired: [200, 'NOT ACTIVE', 'The supplied license key has expired'],
  'ip-limit': [200, 'NOT AUTHORISED', 'The request did not come from an authorised IP'],
  'store-unavailable': [500, 'ERROR', 'The license could not be checked'],
  // No rule of this system says these.
  'version-mismatch': noKey,
  'branch-unknown': noKey,
  'branch-empty': noKey,
  'customer-mismatch': noKey,
  'hwid-blacklisted': noKey,
  'scope-mismatch': noKey,
  'points-spent': noKey,
  'hwid-limit': noKey,
  'mac-limit': noKey,
  'api-key-missing': noKey,
  'api-key-unknown': noKey,
  'team-unknown': noKey,
  'user-unknown': noKey,
};

export function refuse(
  publicUrl: string,
  reason: Denial | UnknownGuildReason,
  request: CheckRequest | null,
): TextResponse {
  // What is malformed can name no product.
  const isUnread = reason === 'product-id-unknown' && !!request && request.malformed !== null;
  const [http, status, details] = refusals[isUnread ? 'malformed' : reason];
  return jsonResponse(http, { status, pass: false, details: `${details} - ${publicUrl}` });
}

export function grantOne(publicUrl: string): TextResponse {
  return jsonResponse(200, authorised(publicUrl));
}

export function grantMultiple(publicUrl: string, { product }: Granted): TextResponse {
  return jsonResponse(200, { ...authorised(publicUrl), proId: product.id });
}

export function grantV1(): TextResponse {
  return jsonResponse(200, { status: 'OK', pass: true, details: 'Authorisation completed!' });
}

function authorised(publicUrl: string) {
  return { status: 'AUTHORISED', pass: true, details: `Authorisation completed - ${publicUrl}` };
}
