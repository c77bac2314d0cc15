import type { AttemptRow } from '../records.ts';
import { instantJson } from './instant-json.ts';

/** An attempt as JSON. The product is the one that was found, or else as the client named it; `license` is an id. */
export function attemptJson({ attempt, product }: AttemptRow): object {
  const { at, protocol, result, licenseId, declaredIp, observedIp, countedIp, hwid, userAgent } = attempt;
  return {
    at: instantJson(at),
    protocol,
    result,
    product: product?.name ?? attempt.product,
    license: licenseId,
    declaredIp,
    observedIp,
    countedIp,
    hwid,
    userAgent,
    version: attempt.version,
    branch: attempt.branch,
    scope: attempt.scope,
    replaced: attempt.replaced ?? [],
  };
}
