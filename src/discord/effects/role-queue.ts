import { RESTJSONErrorCodes } from 'discord.js';
import { system } from '../../domain/actor.ts';
import type { NewAuditEvent } from '../../domain/audit.ts';
import type { StoredEffect } from '../../domain/effect.ts';
import { hourMs, minuteMs } from '../../domain/values/calendar.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { describeError, isAbsence, isDiscordError, isTransient } from '../gateway/discord-errors.ts';
import { describeDeletedRole, describeRolesTooHigh } from '../texts/roles.ts';
import { outcomes } from './outcomes.ts';
import { reconcileMemberRoles, type RolesOutcome, type ReconcileParts } from './reconcile-member-roles.ts';

export interface RoleQueueParts extends ReconcileParts {
  readonly storage: ReconcileParts['storage'] & Pick<Storage, 'claimEffects' | 'finishEffect' | 'requeueWaiting'>;
  readonly clock: () => Date;
}

const batch = 50;
const claimMs = minuteMs;
const maxBackOffMs = hourMs;

/** Reconciles the roles of members whose licenses changed, each member once. Returns how many effects were claimed. */
export async function stepRoleQueue(parts: RoleQueueParts): Promise<number> {
  const effects = await parts.storage.claimEffects('roles', batch, claimMs);
  for (const same of Map.groupBy(effects, memberKey).values()) await runMember(parts, same);
  return effects.length;
}

function memberKey({ guildId, effect }: StoredEffect): string {
  return `${guildId} ${effect.userId}`;
}

async function runMember(parts: RoleQueueParts, effects: readonly StoredEffect[]): Promise<void> {
  const { storage, clock } = parts;
  const [first] = effects;
  if (!first) return;
  const { guildId, effect } = first;
  const end = async (status: 'done' | 'failed' | 'pending', outcome: string, dueAt: Date | null = null) => {
    const isFailure = status === 'failed';
    for (const { id } of effects) {
      const event = isFailure && id === first.id ? rolesFailed(id, effect.userId, outcome) : null;
      await storage.finishEffect(id, { status, outcome, dueAt }, event);
    }
  };

  try {
    const outcome = await reconcileMemberRoles(parts, guildId, effect.userId);
    // Keys that could not be sent to a user outside the server follow as soon as a run finds them in it.
    if (outcome.isMember) await storage.requeueWaiting(guildId, effect.userId);
    const text = await describeRolesOutcome(parts, guildId, outcome);
    await end(outcome.refused.length > 0 ? 'failed' : 'done', text);
  } catch (error) {
    if (isDiscordError(error, RESTJSONErrorCodes.MissingAccess, RESTJSONErrorCodes.UnknownGuild)) {
      await end('failed', 'I am not in this server any more, so I could not change roles.');
      return;
    }
    // The member has left while their roles were changed, which the next try notices first.
    if (!isTransient(error) && !isAbsence(error)) {
      await end('failed', `Discord refused: ${describeError(error)}`);
      return;
    }
    const tries = Math.min(...effects.map((one) => one.tries));
    await end('pending', `Discord did not answer: ${describeError(error)}`, backOff(clock(), tries));
  }
}

/** 2 s after the first try, doubling up to an hour. */
export function backOff(now: Date, tries: number): Date {
  return new Date(now.getTime() + Math.min(1000 * 2 ** Math.min(tries, 30), maxBackOffMs));
}

/** Stored as the outcome and shown to staff. */
async function describeRolesOutcome(
  { services }: RoleQueueParts,
  guildId: string,
  { gave, took, isMember, missed, refused }: RolesOutcome,
): Promise<string> {
  if (!isMember) return missed > 0 ? outcomes.noMember : outcomes.noMemberNoRoles;
  if (refused.length === 0) return `gave ${gave}, took ${took}`;
  const ids = (why: string) => refused.filter((one) => one.why === why).map(({ roleId }) => roleId);
  const [tooHigh, gone] = [ids('too-high'), ids('gone')];
  const deleted = await Promise.all(
    gone.map(async (roleId) => describeDeletedRole(roleId, await services.members.roleUses(guildId, roleId))),
  );
  return [...(tooHigh.length > 0 ? [describeRolesTooHigh(tooHigh)] : []), ...deleted].join(' ');
}

function rolesFailed(id: number, userId: string, why: string): NewAuditEvent {
  return {
    actor: system,
    action: 'effect.failed',
    subject: `effect:${id}`,
    reason: why,
    details: { what: 'roles', userId },
  };
}
