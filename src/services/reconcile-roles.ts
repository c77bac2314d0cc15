import { system, type Actor } from '../domain/actor.ts';
import { roleReconciliationNote } from '../domain/notes.ts';
import type { Storage } from '../storage/port/storage.ts';
import type { AlertService } from './alerts.ts';
import type { MemberService } from './members.ts';
import { auditEvent } from './trail.ts';

/** What a run would do, as the store knows it. */
interface RolePlan {
  /** Members who have or earn a role. */
  readonly members: number;
  /** Roles that the bot gave and has not taken. */
  readonly granted: number;
  /** Of them, those that nothing earns any more. */
  readonly taken: number;
}

export interface RolesReconciled extends RolePlan {
  /**
   * `queued`: the bot puts every member right. `stopped`: too many roles would be taken; staff are asked. `busy`: the
   * bot is not done with the last run. `planned`: nothing was asked for but the count.
   */
  readonly outcome: 'queued' | 'stopped' | 'busy' | 'planned';
}

export type ReconcileRoles = (input: {
  readonly guildId: string;
  /** `dry`: only counts. `confirmed`: somebody has seen the count and wants it. */
  readonly mode: 'dry' | 'careful' | 'confirmed';
  readonly actor?: Actor;
}) => Promise<RolesReconciled>;

interface Needs {
  readonly storage: Pick<
    Storage,
    'membersAfter' | 'grantedRoles' | 'addEffects' | 'effectsById' | 'note' | 'setNote' | 'recordAudit'
  >;
  readonly members: Pick<MemberService, 'wantedRoles'>;
  readonly alerts: Pick<AlertService, 'raise'>;
}

const pageSize = 200;
const alwaysAllowed = 10;
const allowedShare = 0.05;

/** Puts the roles of all members of a guild right, unless that would take more than 10 roles or 5 % of them. */
export function createReconcileRoles({ storage, members, alerts }: Needs): ReconcileRoles {
  /** Members who have or earn a role, page by page, with what they have and what of it nothing earns. */
  async function* pages(guildId: string) {
    let afterId: string | null = null;
    for (;;) {
      const userIds: readonly string[] = await storage.membersAfter(guildId, afterId, pageSize);
      const page: { readonly userId: string; readonly granted: number; readonly taken: number }[] = [];
      for (const userId of userIds) {
        const granted = await storage.grantedRoles(guildId, userId);
        const wanted = await members.wantedRoles(guildId, userId);
        const taken = granted.filter((role) => !wanted.includes(role)).length;
        if (granted.length + wanted.length > 0) page.push({ userId, granted: granted.length, taken });
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
    const text =
      `The nightly run would take ${planned.taken} of the ${planned.granted} roles that the bot gave, so it has ` +
      'stopped and changed nothing. If that is right, run “latchkey roles --yes”; if not, look at the role settings ' +
      'and at which licenses have ended.';
    await alerts.raise(guildId, { kind: 'roles-stopped', subject: 'guild', text });
  }

  return async ({ guildId, mode, actor = system }) => {
    const planned = await plan(guildId);
    if (mode === 'dry') return { ...planned, outcome: 'planned' };
    if (await isBusy(guildId)) return { ...planned, outcome: 'busy' };
    if (mode === 'careful' && planned.taken > Math.max(alwaysAllowed, planned.granted * allowedShare)) {
      await stop(guildId, actor, planned);
      return { ...planned, outcome: 'stopped' };
    }
    await queue(guildId);
    return { ...planned, outcome: 'queued' };
  };
}
