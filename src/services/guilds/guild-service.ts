import type { Actor } from '../../domain/actor.ts';
import type { Guild, SigningSystem } from '../../domain/guild.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Result } from '../../domain/values/result.ts';
import type { By } from '../context.ts';

export interface AddGuildInput {
  readonly id: string;
  readonly name: string;
  readonly actor: Actor;
  /** A UUID; left out: a new one. */
  readonly teamId?: string | undefined;
  /** 1 to 64 hex digits; left out: a new one. */
  readonly userId?: string | undefined;
  /** PEM of an RSA private key of at least 2,048 bits; left out: a new pair. */
  readonly challengeKey?: string | undefined;
  /** The same for systems that do not use the common key, for sellers who come from several; left out: none. */
  readonly systemKeys?: Readonly<Partial<Record<SigningSystem, string>>> | undefined;
}

/** What `latchkey quickstart` sets up to try the server out. */
export interface Quickstart {
  readonly guild: Guild;
  readonly product: Product;
  readonly license: License;
  readonly key: string;
  /** A new API key on each call; the one of the call before is revoked. */
  readonly apiKey: { readonly id: number; readonly secret: string };
}

export interface GuildService {
  /**
   * Adds a guild with its identities and challenge key pair. Fails with guild-exists, team-id-taken, user-id-taken,
   * challenge-key-invalid, invalid-id, text-missing or text-too-long.
   */
  add(input: AddGuildInput): Promise<Result<{ readonly guild: Guild }, CommandError>>;
  /** For the bot: adds the guild if it is unknown, and updates its name. */
  ensure(discordGuild: { readonly id: string; readonly name: string }): Promise<Guild>;
  /**
   * The guild with this id; null: the only guild of the store. The quickstart guild counts only where it is the only
   * one. Fails with guild-not-found or guild-required.
   */
  find(id: string | null): Promise<Result<Guild, CommandError>>;
  /** All guilds of the store. */
  list(): Promise<readonly Guild[]>;
  /** Fails with guild-not-found, text-missing, text-too-long or nothing-to-change. */
  rename(input: By & { readonly name: string }): Promise<Result<{ readonly guild: Guild }, CommandError>>;
  /** Removes a guild with everything in it. Fails with guild-not-found. */
  delete(by: By): Promise<Result<{ readonly guild: Guild }, CommandError>>;
  /** Sets up a guild, product and license to try the server out; the same ones on every call. */
  quickstart(): Promise<Quickstart>;
}
