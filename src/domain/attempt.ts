import type { AttemptResult } from './denial.ts';
import type { BindingKind } from './limits.ts';

export const protocols = ['tki', 'faxstore', 'sunlicense', 'lukittu', 'licensegate'] as const;
export type Protocol = (typeof protocols)[number];

/**
 * One request of a client program to a check route, with its result. Its guild is known; other requests are no
 * attempts.
 */
export interface Attempt {
  readonly id: number;
  readonly guildId: string;
  readonly at: Date;
  readonly protocol: Protocol;
  readonly result: AttemptResult;
  readonly licenseId: number | null;
  readonly productId: number | null;
  /** The product as the client named it. */
  readonly product: string | null;
  readonly version: string | null;
  readonly keySuffix: string | null;
  readonly declaredIp: string | null;
  readonly observedIp: string;
  readonly hwid: string | null;
  readonly mac: string | null;
  readonly country: string | null;
  readonly userAgent: string | null;
  /** What else the client reported of itself. */
  readonly info: string | null;
  /** Kinds of which this grant bound a new value: the license was used on a new machine. */
  readonly newBindings: readonly BindingKind[];
  /** Set for attempts that are not posted to Discord, and listed only on request. */
  readonly quiet: boolean;
}

/** Rejected requests, which are no attempts: how many of one kind came from one address in one minute. */
export interface RejectedRequestCount {
  readonly minute: Date;
  readonly observedIp: string;
  readonly protocol: Protocol;
  readonly kind: 'guarded' | 'rate-limited' | 'unknown-guild';
  readonly count: number;
}
