import type { CheckOutcome } from '../domain/decision.ts';
import type { CheckRequest } from '../domain/check-request.ts';
import { type CheckDefinition, decide } from '../domain/check.ts';
import type { ServiceContext } from './context.ts';

/** Answers a client program by its protocol's rules; never rejects. What was answered is stored when it settles. */
export type CheckLicense = (definition: CheckDefinition, request: CheckRequest) => Promise<CheckOutcome>;

export function createCheckLicense({ storage }: Pick<ServiceContext, 'storage'>): CheckLicense {
  return (definition, request) => storage.decide(request, (snapshot) => decide(definition, request, snapshot));
}
