import type { Protocol } from './attempt.ts';

/** How a request says which guild it is for. */
export type GuildReference =
  | { readonly by: 'api-key'; readonly secret: string | null }
  | { readonly by: 'team'; readonly teamId: string }
  | { readonly by: 'user'; readonly userId: string }
  /**
   * In request order. The guilds of the known products, in that order: the first that has a license with the key is
   * meant, or else the first.
   */
  | { readonly by: 'product'; readonly productIds: readonly number[] };

/** A client program's question, translated from its protocol. Texts are trimmed, at most 1,024 characters. */
export interface CheckRequest {
  readonly protocol: Protocol;
  readonly guildReference: GuildReference;
  readonly key: string | null;
  /** How the client names the product: its name (TKI), number (FaxStore, SunLicense) or UUID (Lukittu). */
  readonly product: string | null;
  readonly version: string | null;
  /** Of releases (Lukittu). */
  readonly branch: string | null;
  /** UUID of a customer, lower case (Lukittu). */
  readonly customerId: string | null;
  /** What the license must be for (LicenseGate). */
  readonly scope: string | null;
  /** A text to sign with the guild's challenge key when it is granted. */
  readonly challenge: string | null;
  /** The identity that the client says it has; opaque text. */
  readonly declaredIp: string | null;
  /** The canonical address the server saw, as `domain/address` writes it. */
  readonly observedIp: string;
  readonly hwid: string | null;
  readonly mac: string | null;
  /** ISO alpha-3, from a trusted proxy. */
  readonly country: string | null;
  readonly userAgent: string | null;
  /** What else the client tells of itself, for staff to read. */
  readonly info: string | null;
  /** Set when the body could not be understood: what the client is told, in its protocol's words. */
  readonly malformed: string | null;
  readonly quiet: boolean;
}
