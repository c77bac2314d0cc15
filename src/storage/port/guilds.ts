import type { Bundle } from '../../domain/snapshot.ts';
import type { Guild } from '../../domain/guild.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Changed, Recorded, Trail } from './trail.ts';

export interface NewGuild {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly userId: string;
  readonly publicKey: string;
  /** PKCS#8 PEM; the store seals it under the master key. */
  readonly privateKey: string;
}

export interface Guilds {
  /** Says which of the ids is taken instead of making it. */
  addGuild(
    guild: NewGuild,
    trail: Trail,
  ): Promise<{ readonly guild: Guild } | { readonly taken: 'id' | 'teamId' | 'userId' }>;
  renameGuild(guildId: string, name: string): Promise<void>;
  /** Removes the guild and everything that belongs to it. */
  deleteGuild(guildId: string): Promise<boolean>;
  guilds(): Promise<readonly Guild[]>;
  /** The PKCS#8 PEM that signs challenges, in clear. null: no such guild. */
  challengeKey(guildId: string): Promise<string | null>;
  /** The guild with its settings, products and blacklist as of now; null: no such guild. */
  bundle(guildId: string): Promise<Bundle | null>;
  changeSettings<R>(
    guildId: string,
    change: (current: Settings) => Changed<Settings, R>,
  ): Promise<(R & Recorded) | null>;
}
