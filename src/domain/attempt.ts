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
  /** The branch of releases that the client asked for (Lukittu). */
  readonly branch: string | null;
  /** The scope that the client asked for (LicenseGate). */
  readonly scope: string | null;
  readonly keySuffix: string | null;
  readonly declaredIp: string | null;
  readonly observedIp: string;
  /** Which of the two addresses IP limits counted; null: none, or the attempt was stored before this field was. */
  readonly countedIp: 'declared' | 'observed' | null;
  readonly hwid: string | null;
  readonly mac: string | null;
  readonly country: string | null;
  readonly userAgent: string | null;
  /** What else the client reported of itself. */
  readonly info: string | null;
  /** Kinds of which this grant bound a new value: the license was used on a new machine. */
  readonly newBindings: readonly BindingKind[];
  /** The bindings whose slots this grant gave to those; null: none. */
  readonly replaced: readonly { readonly kind: BindingKind; readonly value: string }[] | null;
  /** Set for attempts that are not posted to Discord, and listed only on request. */
  readonly quiet: boolean;
}

/** The address that IP limits counted. Where that is not known, it is taken to be the declared one if there is one. */
export function countedAddress({
  countedIp,
  declaredIp,
  observedIp,
}: Pick<Attempt, 'countedIp' | 'declaredIp' | 'observedIp'>): string {
  return countedIp === 'observed' ? observedIp : (declaredIp ?? observedIp);
}

/** Rejected requests, which are no attempts: how many of one kind came from one address in one minute. */
export interface RejectedRequestCount {
  readonly minute: Date;
  readonly observedIp: string;
  readonly protocol: Protocol;
  readonly kind: 'guarded' | 'rate-limited' | 'unknown-guild';
  readonly count: number;
}
