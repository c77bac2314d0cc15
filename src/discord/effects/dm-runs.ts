import type { DirectMessage, StoredEffect } from '../../domain/effect.ts';

/** DMs that go to one person in one go. */
export interface DmRun {
  readonly effects: readonly StoredEffect[];
  readonly guildId: string;
  readonly userId: string;
  readonly carriesKeys: boolean;
  /** Claimed by a process that died before it could say whether it was sent. */
  readonly interruptedAt: Date | null;
}

/**
 * One run for each effect that carries keys, and one for all else that a person is told by a guild. Keys first, what was
 * interrupted before what is new, older before younger.
 */
export function planRuns(effects: readonly StoredEffect[]): readonly DmRun[] {
  const groups = Map.groupBy(effects, (stored) => {
    const { id, guildId, effect, claimedAt } = stored;
    return messageOf(stored).type === 'keys' ? `keys ${id}` : `${guildId} ${effect.userId} ${claimedAt !== null}`;
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

/** The same for a repeat of the same run, so that Discord makes one message of both. */
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
