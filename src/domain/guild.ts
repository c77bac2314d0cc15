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
  readonly createdAt: Date;
}

/** The id of the guild that `latchkey quickstart` adds to try the server out. */
export const quickstartGuildId = 'quickstart';
