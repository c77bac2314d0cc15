import type { Attempt } from '../../../domain/attempt.ts';
import type { LicenseRow } from '../../../services/licenses/license-view.ts';
import { type TextResponse, jsonResponse } from '../../route.ts';
import { renderDenial } from '../licensegate/render.ts';
import { intervals, type SchemaErrors } from './schema.ts';

export const unauthorized = jsonResponse(401, { error: 'unauthorized', details: 'Invalid API key' });
export const notFound = jsonResponse(404, { error: 'not-found', details: 'License not found' });
export const keyTaken = jsonResponse(400, {
  error: 'license-with-same-key-already-exists',
  details: 'License with same key already exists',
});
export const tooMany = jsonResponse(429, { error: 'too-many-requests', details: 'Too many requests' });
export const failed = jsonResponse(500, { error: 'internal-server-error', details: 'Internal server error' });

export function invalidSchema(details: SchemaErrors, status = 422): TextResponse {
  return jsonResponse(status, { error: 'invalid-schema', details });
}

/** A command error that the foreign system has no code for. */
export function commandFailed(error: string, details: string): TextResponse {
  return jsonResponse(400, { error, details });
}

/** The number that the system writes in hex in the paths of checks. */
function userNumber(userId: string): number {
  return Number.parseInt(userId, 16);
}

export function licenseJson({ license, limits, points }: LicenseRow, key: string, userId: string): object {
  const interval = [...intervals].find(([, own]) => own === points.interval);
  return {
    id: license.id,
    // Without the owner's switch: a program that writes back what it read must not suspend a license that its owner paused.
    active: license.holds.length === 0,
    userId: userNumber(userId),
    licenseKey: key,
    name: license.name ?? '',
    notes: license.note ?? '',
    ipLimit: limits.ip,
    licenseScope: license.scope,
    expirationDate: license.expiresAt?.toISOString() ?? null,
    validationPoints: points.left,
    validationLimit: points.limit,
    replenishAmount: points.amount,
    replenishInterval: interval?.[0] ?? null,
    createdAt: license.createdAt.toISOString(),
  };
}

/** An attempt of any protocol, with the result that this system would have answered. */
export function logJson(attempt: Attempt, userId: string): object {
  return {
    id: attempt.id,
    userId: userNumber(userId),
    licenseId: attempt.licenseId,
    ip: attempt.observedIp,
    result: resultWord(attempt),
    metadata: attempt.info,
    timestamp: attempt.at.toISOString(),
  };
}

function resultWord({ result }: Attempt): string {
  if (result === 'granted') return 'VALID';
  const { result: word } = JSON.parse(renderDenial(result, null, null).body) as { readonly result?: string };
  // The answers to `malformed` and `store-unavailable` have no result.
  return word ?? 'NOT_ACTIVE';
}
