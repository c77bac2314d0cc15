import type { Actor } from '../domain/actor.ts';
import type { Storage } from '../storage/port/storage.ts';

/** What every use case depends on. */
export interface ServiceContext {
  readonly storage: Storage;
  readonly clock: () => Date;
  /**
   * The ms that have passed since some instant, however the clock was set meanwhile. Left out: the time that the clock
   * has gone forward.
   */
  readonly elapsedMs?: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
  /** The server's address as clients know it, without a trailing slash. */
  readonly publicUrl: () => string;
}

/** The actor of a change, and the guild that they change. */
export interface By {
  readonly guildId: string;
  readonly actor: Actor;
}

/** A change through which the actor may come to see whole license keys. */
export interface ByKeyReader extends By {
  /** Whether the actor may see whole keys (`license.reveal`). Left out: all may but Discord users. */
  readonly mayReveal?: boolean | undefined;
}

/** Whether an actor may see whole keys. */
export function mayReveal({ actor, mayReveal: isAllowed }: ByKeyReader): boolean {
  return isAllowed ?? actor.type !== 'user';
}

/** A change of a license. The owner is notified with the reason, unless the change is silent. */
export interface ByStaff extends By {
  readonly reason?: string | null | undefined;
  readonly silent?: boolean | undefined;
}
