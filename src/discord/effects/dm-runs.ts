import type { DirectMessage, StoredEffect } from '../../domain/effect.ts';

/** Effects that are sent to one user together. */
export interface DmRun {
  readonly effects: readonly StoredEffect[];
  readonly guildId: string;
  readonly userId: string;
  readonly carriesKeys: boolean;
  /** When it was claimed by a process that died before it could store whether the DM was sent; null: it was not. */
  readonly interruptedAt: Date | null;
}

/**
 * One run for each set of licenses whose keys are to be sent, however often that was asked for while it waited, and one
 * for all other notices of a guild to a user. Keys come first, then interrupted runs before new ones, older before
 * younger.
 */
export function planRuns(effects: readonly StoredEffect[]): readonly DmRun[] {
  const groups = Map.groupBy(effects, (stored) => {
    const { guildId, effect, claimedAt } = stored;
    const message = messageOf(stored);
    const what = message.type === 'keys' ? `keys ${message.licenseIds.join()}` : 'notices';
    return `${guildId} ${effect.userId} ${claimedAt !== null} ${what}`;
  });
  const runs = [...groups.values()].flatMap((group): DmRun[] => {
    const [first] = group;
    if (!first) return [];
    const { guildId, effect, claimedAt } = first;
    const carriesKeys = messageOf(first).type === 'keys';
    return [{ effects: group, guildId, userId: effect.userId, carriesKeys, interruptedAt: claimedAt }];
  });
  const rank = ({ carriesKeys, interruptedAt }: DmRun) => (carriesKeys ? 0 : 2) + (interruptedAt ? 0 : 1);
  return runs.sort((a, b) => rank(a) - rank(b) || firstId(a) - firstId(b));
}

/** A repeat of the same run has the same nonce, so that Discord makes one message of both. */
export function nonceOf(run: DmRun, part: number): string {
  return `dm-${firstId(run)}-${part}`;
}

export function messageOf({ effect }: StoredEffect): DirectMessage {
  if (effect.kind !== 'dm') throw new Error('This effect is no DM.');
  return effect.message;
}

function firstId({ effects }: DmRun): number {
  return Math.min(...effects.map(({ id }) => id));
}
