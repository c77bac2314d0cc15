import type { CheckRequest } from '../../../domain/check-request.ts';
import type { Granted } from '../../../domain/decision.ts';
import { jsonResponse, type TextResponse } from '../../route.ts';
import { type PossibleReason, type Reason, wordsFor } from '../possible-reasons.ts';
import type { v1Definition } from './definition.ts';

type Words = readonly [http: number, status: string, details: string];

// Every decided check has status 200: some platforms hide the body of any other status from their programs.
const noProduct: Words = [200, 'NOT FOUND', 'The product was not found. Please check your product ID is correct'];
const noKey: Words = [
  200,
  'NOT FOUND',
  'The supplied license key was not found. Please check your auth key is correct',
];
const disabled: Words = [200, 'KEY DISABLED', 'The supplied license key has been disabled'];

const words: Readonly<Record<PossibleReason<typeof v1Definition, 'product-id'>, Words>> = {
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
};

export function renderDenial(publicUrl: string, reason: Reason, request: CheckRequest | null): TextResponse {
  // A malformed request cannot name a product, so that its product is unknown too.
  const isUnread = reason === 'product-id-unknown' && !!request && request.malformed !== null;
  const [http, status, details] = wordsFor(words, isUnread ? 'malformed' : reason, noKey);
  return jsonResponse(http, { status, pass: false, details: `${details} - ${publicUrl}` });
}

export function renderGrant(publicUrl: string): TextResponse {
  return jsonResponse(200, authorised(publicUrl));
}

export function renderGrantOfMultiple(publicUrl: string, { product }: Granted): TextResponse {
  return jsonResponse(200, { ...authorised(publicUrl), proId: product.id });
}

export function renderGrantOfV1(): TextResponse {
  return jsonResponse(200, { status: 'OK', pass: true, details: 'Authorisation completed!' });
}

function authorised(publicUrl: string) {
  return { status: 'AUTHORISED', pass: true, details: `Authorisation completed - ${publicUrl}` };
}
