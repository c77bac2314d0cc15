import type { Storage } from '../storage/storage.ts';

/** State too large for a custom id, in the store, so that it outlives the process. */
export interface KeptState {
  keep(ownerId: string, state: unknown): Promise<string>;
  /** null: too old, overwritten by newer ones, or somebody else's. */
  find(ownerId: string, token: string): Promise<unknown>;
}

const lifeMs = 15 * 60_000;
/** Each person has so many at a time; the oldest gives way. */
const slots = 8;

export interface KeptStateParts {
  readonly storage: Pick<Storage, 'note' | 'setNote'>;
  readonly clock: () => Date;
  readonly randomBytes: (size: number) => Uint8Array;
}

export function createKeptState({ storage, clock, randomBytes }: KeptStateParts): KeptState {
  let next = 0;
  const noteName = (ownerId: string, slot: string) => `kept:${ownerId}:${slot}`;

  return {
    async keep(ownerId, state) {
      next = (next + 1) % slots;
      const id = Buffer.from(randomBytes(6)).toString('base64url');
      const until = clock().getTime() + lifeMs;
      await storage.setNote(noteName(ownerId, String(next)), JSON.stringify({ id, until, state }), null);
      return `${next}${id}`;
    },
    async find(ownerId, token) {
      const text = await storage.note(noteName(ownerId, token.slice(0, 1)));
      if (text === null) return null;
      const kept = JSON.parse(text) as { readonly id: string; readonly until: number; readonly state: unknown };
      return kept.id === token.slice(1) && clock().getTime() < kept.until ? kept.state : null;
    },
  };
}
