import { dmContactNote, dmPaceNote } from '../../domain/notes.ts';
import { hourMs, isFromWrongClock } from '../../domain/values/calendar.ts';
import type { Storage } from '../../storage/port/storage.ts';

/**
 * How fast the bot may start DMs. Discord quarantines bots that open too many. The count of the last hour is in the
 * store, so that a restart does not begin it again.
 */
export interface DmPace {
  /** The instant from which this DM may be sent; null: now. `isFirstContact`: the bot never wrote to this user. */
  notBefore(dm: { readonly isFirstContact: boolean; readonly perHour: number }): Date | null;
  isKnown(userId: string): Promise<boolean>;
  /** Call it before the DM is opened: a failed attempt counts, too. */
  contact(isFirst: boolean): Promise<void>;
  /** Call it when a DM has arrived: from then on this user is no first contact. */
  arrived(userId: string): Promise<void>;
  /** Stops all DMs for an hour, because Discord said that they are opened too fast. */
  pause(): Promise<void>;
}

export const spacingMs = 2000;

interface Stored {
  readonly contacts: readonly number[];
  readonly pausedUntil: number;
}

export interface DmPaceParts {
  readonly storage: Pick<Storage, 'note' | 'setNote'>;
  readonly clock: () => Date;
}

export async function openDmPace({ storage, clock }: DmPaceParts): Promise<DmPace> {
  const text = await storage.note(dmPaceNote);
  let stored: Stored = text === null ? { contacts: [], pausedUntil: 0 } : (JSON.parse(text) as Stored);
  let nextAt = 0;

  const nowMs = () => clock().getTime();
  /** The contacts of the last hour. One that lies a little in the future counts as made now. */
  const recent = () => {
    const now = nowMs();
    const counted = stored.contacts.filter((at) => at > now - hourMs && !isFromWrongClock(at, hourMs, now));
    return counted.map((at) => Math.min(at, now));
  };
  /** An end that was set by a clock that was ahead holds up nothing. */
  const believed = (end: number, longestMs: number) => (isFromWrongClock(end, longestMs, nowMs()) ? 0 : end);
  const save = async (next: Partial<Stored>) => {
    stored = { ...stored, ...next };
    await storage.setNote(dmPaceNote, JSON.stringify(stored), null);
  };

  return {
    notBefore({ isFirstContact, perHour }) {
      const contacts = recent();
      const isFull = isFirstContact && contacts.length >= perHour;
      // The next first contact may come when the oldest of the last `perHour` ones is an hour old. With 0 none may.
      const roomAt = isFull ? (contacts.at(-Math.max(perHour, 1)) ?? nowMs()) + hourMs : 0;
      const at = Math.max(believed(nextAt, spacingMs), believed(stored.pausedUntil, hourMs), roomAt);
      return at > nowMs() ? new Date(at) : null;
    },
    async isKnown(userId) {
      return (await storage.note(dmContactNote(userId))) !== null;
    },
    async contact(isFirst) {
      nextAt = nowMs() + spacingMs;
      if (isFirst) await save({ contacts: [...recent(), nowMs()] });
    },
    async arrived(userId) {
      await storage.setNote(dmContactNote(userId), '1', null);
    },
    async pause() {
      await save({ pausedUntil: nowMs() + hourMs });
    },
  };
}
