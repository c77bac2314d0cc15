import type { APIButtonComponent } from 'discord.js';
import type { StoredEffect } from '../../domain/effect.ts';
import { button, row } from '../framework/components.ts';
import type { CommandContext, Delivery } from '../framework/command-context.ts';
import { handlerNames } from '../framework/handler-names.ts';
import { mentionUser } from '../texts/phrases.ts';
import { describeRoles, endOfRoles, isUnderWay, userOf } from './describe-roles.ts';
import { outcomes } from './outcomes.ts';

type Where = Pick<CommandContext, 'customId' | 'guildId' | 'channelId' | 'discord'>;

const maxLines = 10;
const maxPickUps = 5;

/**
 * What staff should know about the effects of their change. `isFinal`: nothing is reported after this, so keys that are
 * still on their way can be picked up instead.
 */
export async function describeDelivery(
  effects: readonly StoredEffect[],
  where: Where,
  isFinal: boolean,
): Promise<Delivery> {
  const late = effects.filter((stored) => isKeyDm(stored) && needsPickUp(stored, isFinal)).slice(0, maxPickUps);
  const pickUps: APIButtonComponent[] = [];
  const unseen: string[] = [];
  for (const stored of late) {
    const { userId } = stored.effect;
    if (await canSeeHere(where, userId)) pickUps.push(pickUpButton(stored, late.length, where.customId));
    else unseen.push(`⚠️ ${mentionUser(userId)} cannot see this channel, so no pick-up is offered here.`);
  }
  const dms = effects.filter(({ effect }) => effect.kind === 'dm');
  const roles = effects.filter(({ effect }) => effect.kind === 'roles');
  const missRoles = new Set(roles.filter(({ outcome }) => outcome === outcomes.noMember).map(userOf));
  const messages = dms.flatMap((stored) =>
    isKeyDm(stored) ? describeKeys(stored, missRoles.has(userOf(stored))) : describeNotice(stored),
  );
  // The line about a key that waits names the roles, too.
  const awaitKeys = new Set(dms.filter(({ status }) => status === 'waiting').map(userOf));
  const lines = [...new Set([...messages, ...describeRoles(roles, awaitKeys), ...unseen])];
  const more = lines.length > maxLines ? [`… and ${lines.length - maxLines} more`] : [];
  return {
    lines: [...lines.slice(0, maxLines), ...more],
    rows: pickUps.length === 0 ? [] : [row(...pickUps)],
    dmArrived: dms.every(({ outcome }) => outcome === outcomes.sent),
    roles: endOfRoles(roles),
    isOver: !effects.some(isUnderWay),
  };
}

function isKeyDm({ effect }: StoredEffect): boolean {
  return effect.kind === 'dm' && effect.message.type === 'keys';
}

function needsPickUp(stored: StoredEffect, isFinal: boolean): boolean {
  if (isUnderWay(stored)) return isFinal;
  const { status, outcome } = stored;
  return status !== 'waiting' && outcome !== outcomes.sent && outcome !== outcomes.outdated;
}

/** A pick-up is a message in this channel, so it is only for those who can read it. */
async function canSeeHere({ guildId, channelId, discord }: Where, userId: string): Promise<boolean> {
  return guildId !== null && channelId !== null && discord.canSee(guildId, channelId, userId);
}

function pickUpButton({ id }: StoredEffect, of: number, customId: Where['customId']): APIButtonComponent {
  const label = of === 1 ? 'Post pick-up here' : `Post pick-up ${id} here`;
  return button(customId(handlerNames.postPickUp, [id], { forAnybody: false }), label, 'primary');
}

function describeKeys(stored: StoredEffect, missesRoles: boolean): readonly string[] {
  const user = mentionUser(userOf(stored));
  const { status, outcome } = stored;
  if (isUnderWay(stored)) return [`⏳ The DM with the key for ${user} is on its way.`];
  if (status === 'waiting') {
    const what = missesRoles ? 'key and roles follow' : 'the key follows';
    return [`⚠️ ${user} is not in this server: ${what} when they join.`];
  }
  if (outcome === outcomes.sent) return [`✅ The key reached ${user} by DM.`];
  if (outcome === outcomes.outdated) return [];
  if (outcome === outcomes.closed) return [`⚠️ The key did not reach ${user}: their DMs are closed.`];
  return [`⚠️ The DM with the key for ${user} was not sent: ${outcome ?? status}.`];
}

function describeNotice(stored: StoredEffect): readonly string[] {
  const user = mentionUser(userOf(stored));
  const { status, outcome } = stored;
  if (isUnderWay(stored)) return [`⏳ ${user} is being notified.`];
  if (outcome === outcomes.sent) return [`✅ ${user} was notified.`];
  if (outcome === outcomes.outdated) return [];
  if (outcome === outcomes.closed) return [`⚠️ ${user} could not be notified: their DMs are closed.`];
  if (outcome === outcomes.absent) return [`⚠️ ${user} could not be notified: they are not in this server.`];
  return [`⚠️ ${user} could not be notified: ${outcome ?? status}.`];
}
