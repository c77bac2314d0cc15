import type { Actor } from '../../domain/actor.ts';
import type { Guild } from '../../domain/guild.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Result } from '../../domain/result.ts';
import type { By } from '../context.ts';

export interface AddGuildInput {
  readonly id: string;
  readonly name: string;
  readonly actor: Actor;
  /** UUID; left out: a new one. */
  readonly teamId?: string | undefined;
  /** 1 to 64 hex digits; left out: a new one. */
  readonly userId?: string | undefined;
  /** PEM of an RSA private key of at least 2,048 bits; left out: a new pair. */
  readonly challengeKey?: string | undefined;
}

export interface Quickstart {
  readonly guild: Guild;
  readonly product: Product;
  readonly license: License;
  readonly key: string;
  /** Fresh each time; the one of the time before is revoked. */
  readonly apiKey: { readonly id: number; readonly secret: string };
}

export interface GuildService {
  /**
   * Makes a guild with its identities and challenge key pair. Refuses: guild-exists, team-id-taken, user-id-taken,
   * challenge-key-invalid, invalid-id.
   */
  add(input: AddGuildInput): Promise<Result<{ readonly guild: Guild }, CommandError>>;
  /** For the bot: makes the guild if it is unknown and keeps its name. */
  ensure(discordGuild: { readonly id: string; readonly name: string }): Promise<Guild>;
  /** null: the only guild there is (the quickstart one does not count, unless it is the only one). */
  find(id: string | null): Promise<Result<Guild, CommandError>>;
  list(): Promise<readonly Guild[]>;
  rename(input: By & { readonly name: string }): Promise<Result<{ readonly guild: Guild }, CommandError>>;
  /** Removes it with everything in it. */
  delete(by: By): Promise<Result<{ readonly guild: Guild }, CommandError>>;
  /** Guild, product and license for trying out, the same ones when repeated. */
  quickstart(): Promise<Quickstart>;
}
