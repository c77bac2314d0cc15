import type { CheckOutcome } from '../domain/decision.ts';
import type { CheckRequest } from '../domain/check-request.ts';
import { type CheckDefinition, decide } from '../domain/check.ts';
import type { ServiceContext } from './context.ts';

/**
 * Checks a request of a client program by its protocol's rules. Never rejects: without a store the outcome is denied
 * with `store-unavailable`. When the promise resolves, the decision is stored.
 */
export type CheckLicense = (definition: CheckDefinition, request: CheckRequest) => Promise<CheckOutcome>;

export function createCheckLicense({ storage }: Pick<ServiceContext, 'storage'>): CheckLicense {
  return (definition, request) => storage.decide(request, (snapshot) => decide(definition, request, snapshot));
}
