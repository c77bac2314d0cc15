import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Effect, EffectStatus, StoredEffect } from '../../domain/effect.ts';
import { hourMs, minuteMs } from '../../domain/values/calendar.ts';

/** An effect that is given back is due at most this much later. One that is due later was stored by a clock that was ahead. */
export const maxEffectDelayMs = hourMs + 10 * minuteMs;

/** The queue of effects. Most effects are stored with the change that they follow from: see `Trail`. */
export interface Effects {
  /** Stores effects that come with no other change; returns their ids in the same order. They are due at once. */
  addEffects(guildId: string, effects: readonly Effect[]): Promise<readonly number[]>;
  /**
   * Claims at most `limit` effects of a kind that are due, in the order in which they became due, and counts a try for
   * each. No other call claims an effect again while its claim is younger than `claimMs`. `claimedAt` of a returned
   * effect is the instant of an earlier claim that never ended, because its process died, and otherwise null. Instants
   * of a clock that was ahead hold nothing up: an effect that is due later than `maxEffectDelayMs` from now is due, and a
   * claim that was made later than `claimMs` from now is free.
   */
  claimEffects(kind: Effect['kind'], limit: number, claimMs: number): Promise<readonly StoredEffect[]>;
  /**
   * Ends an effect, or with `pending` returns it to the queue, due at `dueAt` (null: at once; at most
   * `maxEffectDelayMs` from now). With `waiting` it ends until `requeueWaiting`. `audit` is stored in the same commit. Of
   * an effect that has ended or does not exist nothing is changed, and the event is not stored.
   */
  finishEffect(
    id: number,
    end: {
      readonly status: Exclude<EffectStatus, 'claimed'>;
      readonly outcome: string | null;
      readonly dueAt: Date | null;
    },
    audit: NewAuditEvent | null,
  ): Promise<void>;
  /**
   * Returns the effects that wait for this user to join the guild to the queue, due at once and as if they were made
   * now, because their age up to here says nothing about them. Returns how many there were.
   */
  requeueWaiting(guildId: string, userId: string): Promise<number>;
  /** The effects with these ids in the same order; ids that no effect has are skipped. */
  effectsById(ids: readonly number[]): Promise<readonly StoredEffect[]>;
  /** The ids of the roles that the bot gave this member and has not taken since, in order. */
  grantedRoles(guildId: string, userId: string): Promise<readonly string[]>;
  /** Remembers that the bot gave the member the role, or that it took the role. */
  setRoleGranted(guildId: string, userId: string, roleId: string, granted: boolean): Promise<void>;
  /**
   * At most `limit` users whom the bot gave roles in the guild or who own a license there that is not deleted: their
   * ids in text order, from the first one after `userId` (null: from the start).
   */
  membersAfter(guildId: string, userId: string | null, limit: number): Promise<readonly string[]>;
}
