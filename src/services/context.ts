import type { Actor } from '../domain/actor.ts';
import type { Storage } from '../storage/port/storage.ts';

/** What use cases need of the world. */
export interface ServiceContext {
  readonly storage: Storage;
  readonly clock: () => Date;
  readonly randomBytes: (size: number) => Uint8Array;
  /** The address that clients know, without a trailing slash. */
  readonly publicUrl: () => string;
}

/** Who changes something, and in which guild. */
export interface By {
  readonly guildId: string;
  readonly actor: Actor;
}

/** A change of somebody's license: `reason` is told to the owner, `silent` tells nobody. */
export interface ByStaff extends By {
  readonly reason?: string | null | undefined;
  readonly silent?: boolean | undefined;
}
