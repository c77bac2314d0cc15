/** One Discord server, the tenant. Everything belongs to one guild and nothing crosses. */
export interface Guild {
  /** Discord's guild id, or `quickstart`. */
  readonly id: string;
  readonly name: string;
  /** UUID, lower case: how Lukittu clients name the guild. */
  readonly teamId: string;
  /** Lower-case hex: how LicenseGate clients name the guild. */
  readonly userId: string;
  /** SPKI PEM of the RSA-2048 pair that signs challenges and nothing else. */
  readonly publicKey: string;
  readonly createdAt: Date;
}

/** The guild that `latchkey quickstart` makes for trying out. */
export const quickstartGuildId = 'quickstart';
