import type { Protocol } from './attempt.ts';
import { canonicalName, canonicalText } from './values/text.ts';

/** How a request says which guild it is for. */
export type GuildReference =
  | { readonly by: 'api-key'; readonly secret: string | null }
  | { readonly by: 'team'; readonly teamId: string }
  | { readonly by: 'user'; readonly userId: string }
  /**
   * By product numbers, in the order of the request. Of the guilds that these products belong to, the first that has a
   * license with the key is meant, or else the first.
   */
  | { readonly by: 'product'; readonly productIds: readonly number[] };

/**
 * A check request in the terms of all protocols. Texts are trimmed and have at most 1,024 characters; key, product,
 * version and branch are as `withStoredForms` makes them.
 */
export interface CheckRequest {
  readonly protocol: Protocol;
  readonly guildReference: GuildReference;
  readonly key: string | null;
  /** The system compares keys without letter case. Otherwise the guild's `key.ignoreCase` decides. */
  readonly ignoresKeyCase: boolean;
  /** How the client names the product: its name (TKI), number (FaxStore, SunLicense) or UUID (Lukittu). */
  readonly product: string | null;
  readonly version: string | null;
  /** The branch of the product's releases (Lukittu). */
  readonly branch: string | null;
  /** UUID of a customer, lower case (Lukittu). */
  readonly customerId: string | null;
  /** The scope that the license must have (LicenseGate). */
  readonly scope: string | null;
  /** A text to sign with the guild's challenge key if the check is granted. */
  readonly challenge: string | null;
  /** The address that the client declares; any text. */
  readonly declaredIp: string | null;
  /** The address that the request came from, as `canonicalAddress` writes it. */
  readonly observedIp: string;
  readonly hwid: string | null;
  readonly mac: string | null;
  /** ISO alpha-3 code, from a trusted proxy's header. */
  readonly country: string | null;
  readonly userAgent: string | null;
  /** What else the client reports of itself, for staff to read. */
  readonly info: string | null;
  /** Why the request could not be understood, as the sentence that the protocol answers; null: it could. */
  readonly malformed: string | null;
  /** The attempt is not posted to Discord, and listed only on request. */
  readonly quiet: boolean;
}

/**
 * The request with its key and the names that it asks for in the form in which both are stored. What has nothing but
 * invisible characters is not named.
 */
export function withStoredForms(request: CheckRequest): CheckRequest {
  const key = request.key && (canonicalText(request.key) || null);
  const product = request.product && (canonicalName(request.product) || null);
  const version = request.version && (canonicalName(request.version) || null);
  const branch = request.branch && (canonicalName(request.branch) || null);
  const isStoredForm =
    key === request.key && product === request.product && version === request.version && branch === request.branch;
  // Almost all requests are as they should be, and copying one takes longer than reading these fields.
  return isStoredForm ? request : { ...request, key, product, version, branch };
}
