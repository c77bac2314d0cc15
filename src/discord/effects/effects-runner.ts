import type { StoredEffect } from '../../domain/effect.ts';
import type { Log } from '../../log/log.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { createLoop } from '../gateway/loop.ts';
import { createPauses, type Timers } from '../gateway/timers.ts';
import { type DmQueueParts, stepDmQueue } from './dm-queue.ts';
import { type DmPace, openDmPace } from './dm-pace.ts';
import { stepRoleQueue, type RoleQueueParts } from './role-queue.ts';

/** Carries out stored effects in Discord. */
export interface EffectsRunner {
  start(): void;
  /** Looks for effects now; without it they are found within a second. */
  wake(): void;
  /** Waits until the effects have ended, at most `timeoutMs`, and returns them as they are then. */
  settled(ids: readonly number[], timeoutMs: number): Promise<readonly StoredEffect[]>;
  /** From now on nothing waits in `settled`, because the process is about to end. */
  endWaits(): void;
  stop(): Promise<void>;
}

export interface EffectsRunnerParts {
  readonly storage: Pick<Storage, 'effectsById' | 'note' | 'setNote'> &
    DmQueueParts['storage'] &
    RoleQueueParts['storage'];
  readonly services: RoleQueueParts['services'] & DmQueueParts['services'];
  readonly api: DmQueueParts['api'] & RoleQueueParts['api'];
  readonly sign: DmQueueParts['sign'];
  readonly clock: () => Date;
  readonly timers: Timers;
  readonly log: Log;
  /** Of several processes only the leader carries out effects. */
  readonly isLeading: () => boolean;
}

const pollMs = 1000;
/** The first wait of `settled`, which doubles up to `pollMs`: most effects end at once, some after many seconds. */
const settledPollMs = 50;

export function createEffectsRunner(parts: EffectsRunnerParts): EffectsRunner {
  const { storage, timers, log, isLeading } = parts;
  const pauses = createPauses(timers);
  /** Read again whenever this process becomes the leader, because another process sent the DMs until then. */
  let pace: DmPace | null = null;

  async function stepDms(): Promise<number | undefined> {
    if (!isLeading()) {
      pace = null;
      return undefined;
    }
    pace ??= await openDmPace(parts);
    return stepDmQueue({ ...parts, pace });
  }

  const roles = createLoop({
    name: 'Giving and taking roles',
    intervalMs: pollMs,
    timers,
    log,
    step: async () => (isLeading() && (await stepRoleQueue(parts)) > 0 ? 0 : undefined),
  });
  const dms = createLoop({
    name: 'Sending DMs',
    intervalMs: pollMs,
    timers,
    log,
    step: stepDms,
  });

  return {
    start() {
      roles.start();
      dms.start();
    },
    wake() {
      roles.wake();
      dms.wake();
    },
    async settled(ids, timeoutMs) {
      let leftMs = timeoutMs;
      for (let waitMs = settledPollMs; ; waitMs = Math.min(waitMs * 2, pollMs)) {
        const effects = await storage.effectsById(ids);
        const isOver = effects.every(({ status }) => status !== 'pending' && status !== 'claimed');
        if (isOver || leftMs <= 0 || pauses.isEnded()) return effects;
        leftMs -= waitMs;
        await pauses.pause(waitMs);
      }
    },
    endWaits() {
      pauses.end();
    },
    async stop() {
      await Promise.all([roles.stop(), dms.stop()]);
    },
  };
}
