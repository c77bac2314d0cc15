import type { APIButtonComponent } from 'discord.js';
import type { StoredEffect } from '../../domain/effect.ts';
import { button, row } from '../framework/components.ts';
import type { CommandContext, Delivery } from '../framework/command-context.ts';
import { handlerNames } from '../framework/handler-names.ts';
import { count, mentionUser } from '../texts/phrases.ts';
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
  const byUser = Map.groupBy(effects, userOf);
  const described = effects.flatMap((stored) => describeEffect(stored, byUser.get(userOf(stored)) ?? []));
  const lines = [...new Set([...described, ...unseen])];
  const more = lines.length > maxLines ? [`… and ${lines.length - maxLines} more`] : [];
  const dms = effects.filter(({ effect }) => effect.kind === 'dm');
  return {
    lines: [...lines.slice(0, maxLines), ...more],
    rows: pickUps.length === 0 ? [] : [row(...pickUps)],
    dmArrived: dms.every(({ outcome }) => outcome === outcomes.sent),
    roles: endOfRoles(effects.filter(({ effect }) => effect.kind === 'roles')),
    isOver: !effects.some(isUnderWay),
  };
}

function endOfRoles(effects: readonly StoredEffect[]): Delivery['roles'] {
  if (effects.some(isUnderWay)) return 'under-way';
  if (effects.some(({ status }) => status === 'failed')) return 'failed';
  return effects.some(({ outcome }) => outcome === outcomes.noMember) ? 'absent' : 'done';
}

function isKeyDm({ effect }: StoredEffect): boolean {
  return effect.kind === 'dm' && effect.message.type === 'keys';
}

function isUnderWay({ status }: StoredEffect): boolean {
  return status === 'pending' || status === 'claimed';
}

function userOf({ effect }: StoredEffect): string {
  return effect.userId;
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

function describeEffect(stored: StoredEffect, ofUser: readonly StoredEffect[]): readonly string[] {
  if (stored.effect.kind === 'roles') return describeRoles(stored, ofUser);
  return isKeyDm(stored) ? describeKeys(stored, ofUser) : describeNotice(stored);
}

function describeRoles(stored: StoredEffect, ofUser: readonly StoredEffect[]): readonly string[] {
  const user = mentionUser(userOf(stored));
  const { status, outcome } = stored;
  if (isUnderWay(stored)) return [`⏳ The roles of ${user} are being put right.`];
  if (status === 'failed') return [`⚠️ ${outcome ?? 'Roles could not be changed.'}`];
  if (outcome === outcomes.noMember || outcome === outcomes.noMemberNoRoles) {
    // The line about the key says so, and names the roles.
    if (ofUser.some((one) => one.status === 'waiting')) return [];
    const what = outcome === outcomes.noMember ? ': their roles follow when they join' : '';
    return [`⚠️ ${user} is not in this server${what}.`];
  }
  const [, gave, took] = /^gave (\d+), took (\d+)$/.exec(outcome ?? '') ?? [];
  return [
    ...(Number(gave) > 0 ? [`✅ ${user} got ${count(Number(gave), 'role')}.`] : []),
    ...(Number(took) > 0 ? [`✅ ${user} lost ${count(Number(took), 'role')}.`] : []),
  ];
}

function describeKeys(stored: StoredEffect, ofUser: readonly StoredEffect[]): readonly string[] {
  const user = mentionUser(userOf(stored));
  const { status, outcome } = stored;
  if (isUnderWay(stored)) return [`⏳ The DM with the key for ${user} is on its way.`];
  if (status === 'waiting') {
    const hasRoles = ofUser.some((one) => one.outcome === outcomes.noMember);
    return [
      `⚠️ ${user} is not in this server: ${hasRoles ? 'key and roles follow' : 'the key follows'} when they join.`,
    ];
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
