import type { Revised } from '../revision.ts';
import type { MetadataEntry } from '../values/metadata.ts';

/** The systems in which a customer may have a user id of their own. */
export const identitySystems = [
  'builtbybit',
  'polymart',
  'tebex',
  'stripe',
  'sellauth',
  'sellapp',
  'paynow',
  'whop',
  'polar',
  'lemonsqueezy',
  'gumroad',
  'payhip',
  'other',
] as const;
export type IdentitySystem = (typeof identitySystems)[number];

/** A customer's user id in a shop. One customer of a guild has it at most. */
export interface CustomerIdentity {
  readonly system: IdentitySystem;
  /** 1 to `maxIdentityLength` characters, which are compared exactly. */
  readonly id: string;
}

export const maxIdentityLength = 255;
/** How many identities a customer is given by hand. A merge keeps all that the two records have. */
export const maxIdentities = 50;

/**
 * A person in one guild. The e-mail address is not part of the record, only how it is shown: the store has it encrypted,
 * as it has license keys, so that a record can go to logs, texts and audit events as it is.
 */
export interface Customer extends Revised {
  /** Unique in the installation. */
  readonly id: number;
  readonly guildId: string;
  /** By which some protocols report the customer: in lower case, unique in the guild. */
  readonly uuid: string;
  /** Discord user id, unique in the guild; null: not known, and the customer's licenses are unclaimed. */
  readonly discordId: string | null;
  readonly identities: readonly CustomerIdentity[];
  /** The address as `maskEmail` makes it; null: none is known. */
  readonly maskedEmail: string | null;
  /** The name in a shop. */
  readonly username: string | null;
  readonly fullName: string | null;
  readonly metadata: readonly MetadataEntry[];
  readonly createdAt: Date;
}

/** A customer as staff or programs refer to one, by something that only one of a guild has. */
export type CustomerRef =
  | { readonly id: number }
  | { readonly uuid: string }
  | { readonly discordId: string }
  | { readonly identity: CustomerIdentity };

/** An identity as one text: `builtbybit:540001`. */
export function identityText({ system, id }: CustomerIdentity): string {
  return `${system}:${id}`;
}
