import type { Bundle } from '../../domain/snapshot.ts';
import type { Guild, SigningSystem } from '../../domain/guild.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import type { Changed, Recorded, Trail } from './trail.ts';

export interface NewGuild {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly userId: string;
  readonly publicKey: string;
  /** PKCS#8 PEM in clear; the store seals it under the master key. */
  readonly privateKey: string;
  /** The pairs of systems that do not use the common one; left out where all do. */
  readonly systemKeys?: Readonly<Partial<Record<SigningSystem, KeyPair>>>;
}

interface KeyPair {
  readonly publicKey: string;
  /** As above, in clear. */
  readonly privateKey: string;
}

export interface Guilds {
  /** Stores a guild. `taken` names the first of its ids that another guild has, and nothing was stored. */
  addGuild(
    guild: NewGuild,
    trail: Trail,
  ): Promise<{ readonly guild: Guild } | { readonly taken: 'id' | 'teamId' | 'userId' }>;
  /** Changes the guild's name; does nothing if there is no such guild. */
  renameGuild(guildId: string, name: string): Promise<void>;
  /**
   * Removes the guild and everything that belongs to it, in several commits. If the process dies before the last one,
   * the guild may be left with a part of its data; the call is then repeated. False: there is no such guild.
   */
  deleteGuild(guildId: string): Promise<boolean>;
  /** All guilds, in the order in which they were added. */
  guilds(): Promise<readonly Guild[]>;
  /**
   * The private key that signs the guild's challenges for this system: PKCS#8 PEM in clear. It is the common one where
   * the system has none of its own, and where none is named. null: there is no such guild.
   */
  challengeKey(guildId: string, system?: SigningSystem): Promise<string | null>;
  /** The guild with its settings and products as they are now. null: there is no such guild. */
  bundle(guildId: string): Promise<Bundle | null>;
  /**
   * Reads the guild's settings, calls `change` and stores what it returns, atomically. null: there is no such guild.
   */
  changeSettings<R>(
    guildId: string,
    change: (current: Settings) => Changed<Settings, R>,
  ): Promise<(R & Recorded) | null>;
}
