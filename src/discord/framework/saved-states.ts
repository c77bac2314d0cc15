import { z } from 'zod';
import { savedStateNote } from '../../domain/notes.ts';
import { isFromWrongClock, minuteMs } from '../../domain/values/calendar.ts';
import type { Storage } from '../../storage/port/storage.ts';

/** State that is too large for a custom id. It is in the store, so it outlives the process. */
export interface SavedStates {
  /** Saves a JSON value for 15 minutes; the token finds it. */
  save(ownerId: string, state: unknown): Promise<string>;
  /** null: too old, overwritten by newer ones, another user's, or of another shape than the schema. */
  find<T>(ownerId: string, token: string, schema: z.ZodType<T>): Promise<T | null>;
}

const lifeMs = 15 * minuteMs;
/** Each user has this many at a time; a further one overwrites the oldest. */
const slots = ['0', '1', '2', '3', '4', '5', '6', '7'] as const;

const savedStateSchema = z.object({ id: z.string(), until: z.number(), state: z.unknown() });
type SavedState = z.infer<typeof savedStateSchema>;

export interface SavedStatesParts {
  readonly storage: Pick<Storage, 'note' | 'setNote'>;
  readonly clock: () => Date;
  readonly randomBytes: (size: number) => Uint8Array;
}

export function createSavedStates({ storage, clock, randomBytes }: SavedStatesParts): SavedStates {
  async function read(ownerId: string, slot: string): Promise<SavedState | null> {
    const text = await storage.note(savedStateNote(ownerId, slot));
    return text === null ? null : parseSavedState(text);
  }

  /** A state that ends later than one that is saved now was saved by a clock that was ahead. */
  function isAlive({ until }: SavedState): boolean {
    const now = clock().getTime();
    return now < until && !isFromWrongClock(until, lifeMs, now);
  }

  /** The first slot that is free or too old, else the oldest. */
  async function slotFor(ownerId: string): Promise<string> {
    const saved = await Promise.all(slots.map((slot) => read(ownerId, slot)));
    const untils = saved.map((state) => (state && isAlive(state) ? state.until : 0));
    return slots[untils.indexOf(Math.min(...untils))] ?? slots[0];
  }

  return {
    async save(ownerId, state) {
      const slot = await slotFor(ownerId);
      const id = Buffer.from(randomBytes(6)).toString('base64url');
      const until = clock().getTime() + lifeMs;
      await storage.setNote(savedStateNote(ownerId, slot), JSON.stringify({ id, until, state }), null);
      return `${slot}${id}`;
    },
    async find(ownerId, token, schema) {
      const saved = await read(ownerId, token.slice(0, 1));
      if (saved?.id !== token.slice(1) || !isAlive(saved)) return null;
      const parsed = schema.safeParse(saved.state);
      return parsed.success ? parsed.data : null;
    },
  };
}

function parseSavedState(text: string): SavedState | null {
  try {
    return savedStateSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
