import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Effect, EffectStatus, StoredEffect } from '../../domain/effect.ts';

export interface Effects {
  addEffects(guildId: string, effects: readonly Effect[]): Promise<readonly number[]>;
  /**
   * Claims what is due, oldest first: nobody else gets it while the claim is younger than `claimMs`. `claimedAt` of what
   * it returns is that of an earlier claim that never ended (its process died), else null.
   */
  claimEffects(kind: Effect['kind'], limit: number, claimMs: number): Promise<readonly StoredEffect[]>;
  /** `pending` gives it back for `dueAt`. */
  finishEffect(
    id: number,
    end: {
      readonly status: Exclude<EffectStatus, 'claimed'>;
      readonly outcome: string | null;
      readonly dueAt: Date | null;
    },
    audit: NewAuditEvent | null,
  ): Promise<void>;
  effectsById(ids: readonly number[]): Promise<readonly StoredEffect[]>;
  /** Roles that the bot gave this member and has not taken. */
  grantedRoles(guildId: string, userId: string): Promise<readonly string[]>;
  setRoleGranted(guildId: string, userId: string, roleId: string, granted: boolean): Promise<void>;
  /** Members with granted roles or licenses, for the nightly run: user ids after the given one, in order. */
  membersAfter(guildId: string, userId: string | null, limit: number): Promise<readonly string[]>;
}
