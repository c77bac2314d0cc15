import { savedStateNote } from '../../domain/notes.ts';
import { minuteMs } from '../../domain/calendar.ts';
import type { Storage } from '../../storage/port/storage.ts';

/** State too large for a custom id, in the store, so that it outlives the process. */
export interface SavedStates {
  save(ownerId: string, state: unknown): Promise<string>;
  /** null: too old, overwritten by newer ones, or somebody else's. */
  find(ownerId: string, token: string): Promise<unknown>;
}

const lifeMs = 15 * minuteMs;
/** Each person has so many at a time; the oldest gives way. */
const slots = ['0', '1', '2', '3', '4', '5', '6', '7'] as const;

interface SavedState {
  readonly id: string;
  readonly until: number;
  readonly state: unknown;
}

export interface SavedStatesParts {
  readonly storage: Pick<Storage, 'note' | 'setNote'>;
  readonly clock: () => Date;
  readonly randomBytes: (size: number) => Uint8Array;
}

export function createSavedStates({ storage, clock, randomBytes }: SavedStatesParts): SavedStates {
  async function read(ownerId: string, slot: string): Promise<SavedState | null> {
    const text = await storage.note(savedStateNote(ownerId, slot));
    return text === null ? null : (JSON.parse(text) as SavedState);
  }

  /** The first that is free or too old, else the oldest. */
  async function slotFor(ownerId: string): Promise<string> {
    const untils = await Promise.all(slots.map(async (slot) => (await read(ownerId, slot))?.until ?? 0));
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
    async find(ownerId, token) {
      const saved = await read(ownerId, token.slice(0, 1));
      return saved?.id === token.slice(1) && clock().getTime() < saved.until ? saved.state : null;
    },
  };
}
