import type { CheckOutcome, CheckRequest } from '../domain/check.ts';

/** Answers a client program; never rejects. What was answered is stored when it settles. */
export type CheckLicense = (request: CheckRequest) => Promise<CheckOutcome>;
