import { system, type Actor } from '../domain/actor.ts';
import { roleReconciliationNote } from '../domain/notes.ts';
import type { Storage } from '../storage/port/storage.ts';
import { describeStoppedReconciliation } from './alert-texts.ts';
import type { AlertService } from './alerts.ts';
import type { MemberService } from './members.ts';
import { auditEvent } from './trail.ts';

/** What a run would do, by what the store knows of members and roles. */
interface RolePlan {
  /** Members who have or earn a role. */
  readonly members: number;
  /** Roles that the bot has given and not taken back. */
  readonly granted: number;
  /** Of `granted`, the roles that no license earns any more. */
  readonly taken: number;
}

export interface RolesReconciled extends RolePlan {
  /**
   * `queued`: the bot will correct the roles of every member. `stopped`: too many roles would be taken, and staff got
   * an alert. `busy`: the bot has not finished the last run. `planned`: a dry run, which only counts.
   */
  readonly outcome: 'queued' | 'stopped' | 'busy' | 'planned';
}

export type ReconcileRoles = (input: {
  readonly guildId: string;
  /**
   * `dry`: only counts. `careful`: stops where too many roles would be taken. `confirmed`: runs in any case, because an
   * operator has seen the count.
   */
  readonly mode: 'dry' | 'careful' | 'confirmed';
  readonly actor?: Actor;
}) => Promise<RolesReconciled>;

interface Dependencies {
  readonly storage: Pick<
    Storage,
    'membersAfter' | 'grantedRoles' | 'addEffects' | 'effectsById' | 'note' | 'setNote' | 'recordAudit'
  >;
  readonly members: Pick<MemberService, 'earnedRoles'>;
  readonly alerts: Pick<AlertService, 'raise'>;
}

const pageSize = 200;
/** A careful run may take this many roles, or this share of all granted roles, whichever is more. */
const maxTaken = 10;
const maxTakenShare = 0.05;

/**
 * Corrects the roles of all members of a guild. A careful run stops where it would take more than 10 roles and more
 * than 5 % of all, since that is more often a wrong setting than intended.
 */
export function createReconcileRoles({ storage, members, alerts }: Dependencies): ReconcileRoles {
  /**
   * Members who have or earn a role, page by page, with how many roles they have and how many of these no license
   * earns.
   */
  async function* pages(guildId: string) {
    let afterId: string | null = null;
    for (;;) {
      const userIds: readonly string[] = await storage.membersAfter(guildId, afterId, pageSize);
      const page: { readonly userId: string; readonly granted: number; readonly taken: number }[] = [];
      for (const userId of userIds) {
        const granted = await storage.grantedRoles(guildId, userId);
        const earned = await members.earnedRoles(guildId, userId);
        const taken = granted.filter((role) => !earned.includes(role)).length;
        if (granted.length + earned.length > 0) page.push({ userId, granted: granted.length, taken });
      }
      yield page;
      afterId = userIds.at(-1) ?? null;
      if (userIds.length < pageSize) return;
    }
  }

  async function plan(guildId: string): Promise<RolePlan> {
    const total = { members: 0, granted: 0, taken: 0 };
    for await (const page of pages(guildId)) {
      for (const { granted, taken } of page) {
        total.members += 1;
        total.granted += granted;
        total.taken += taken;
      }
    }
    return total;
  }

  async function isBusy(guildId: string): Promise<boolean> {
    const last = await storage.note(roleReconciliationNote(guildId));
    const [effect] = last === null ? [] : await storage.effectsById([Number(last)]);
    return effect?.status === 'pending' || effect?.status === 'claimed';
  }

  async function queue(guildId: string): Promise<void> {
    for await (const page of pages(guildId)) {
      const effects = page.map(({ userId }) => ({ kind: 'roles', userId }) as const);
      const last = effects.length === 0 ? undefined : (await storage.addEffects(guildId, effects)).at(-1);
      if (last !== undefined) await storage.setNote(roleReconciliationNote(guildId), String(last), null);
    }
  }

  async function stop(guildId: string, actor: Actor, planned: RolePlan): Promise<void> {
    await storage.recordAudit(guildId, auditEvent({ actor }, 'roles.stopped', 'guild', { ...planned }));
    const text = describeStoppedReconciliation(planned.taken, planned.granted);
    await alerts.raise(guildId, { kind: 'roles-stopped', subject: 'guild', text });
  }

  return async ({ guildId, mode, actor = system }) => {
    const planned = await plan(guildId);
    if (mode === 'dry') return { ...planned, outcome: 'planned' };
    if (await isBusy(guildId)) return { ...planned, outcome: 'busy' };
    if (mode === 'careful' && planned.taken > Math.max(maxTaken, planned.granted * maxTakenShare)) {
      await stop(guildId, actor, planned);
      return { ...planned, outcome: 'stopped' };
    }
    await queue(guildId);
    return { ...planned, outcome: 'queued' };
  };
}
