import type { Protocol } from './attempt.ts';

/** The systems whose clients have challenges signed. */
export const signingSystems = ['lukittu', 'licensegate'] as const satisfies readonly Protocol[];
export type SigningSystem = (typeof signingSystems)[number];

/** One Discord server: the tenant. All data belongs to one guild, and no guild can reach another's. */
export interface Guild {
  /** Discord's guild id, or `quickstart`. */
  readonly id: string;
  readonly name: string;
  /** A UUID in lower case, by which Lukittu clients name the guild. */
  readonly teamId: string;
  /** A hex id in lower case, by which LicenseGate clients name the guild. */
  readonly userId: string;
  /** The public key in SPKI PEM of the RSA-2048 pair that signs challenges and nothing else. */
  readonly publicKey: string;
  /** The public keys of systems that have a pair of their own; left out where none has. */
  readonly publicKeys?: Readonly<Partial<Record<SigningSystem, string>>>;
  readonly createdAt: Date;
}

/** The public key that verifies what the guild signs for clients of a system, in SPKI PEM. */
export function publicKeyFor({ publicKey, publicKeys }: Guild, system: Protocol): string {
  return publicKeys?.[system as SigningSystem] ?? publicKey;
}

/** The id of the guild that `latchkey quickstart` adds to try the server out. */
export const quickstartGuildId = 'quickstart';
