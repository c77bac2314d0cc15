import type { APIButtonComponent } from 'discord.js';
import type { StoredEffect } from '../../domain/effect.ts';
import { button, row } from '../framework/components.ts';
import type { CommandContext, Delivery } from '../framework/command-context.ts';
import { handlerNames } from '../framework/handler-names.ts';
import { mentionUser } from '../texts/phrases.ts';

/** What staff should know about the effects of their change, which were waited for a short while. */
export function describeDelivery(effects: readonly StoredEffect[], customId: CommandContext['customId']): Delivery {
  const late = effects.filter(isKeyDm).filter(({ outcome }) => outcome !== 'sent');
  const pickUps = late.slice(0, 5).map((stored) => pickUpButton(stored, late.length, customId));
  const dms = effects.filter(({ effect }) => effect.kind === 'dm');
  return {
    lines: effects.flatMap(describeEffect),
    rows: pickUps.length === 0 ? [] : [row(...pickUps)],
    dmArrived: dms.every(({ outcome }) => outcome === 'sent'),
  };
}

function isKeyDm({ effect }: StoredEffect): boolean {
  return effect.kind === 'dm' && effect.message.type === 'keys';
}

function pickUpButton({ id }: StoredEffect, of: number, customId: CommandContext['customId']): APIButtonComponent {
  const label = of === 1 ? 'Post pick-up here' : `Post pick-up ${id} here`;
  return button(customId(handlerNames.postPickUp, [id], { forAnybody: false }), label, 'primary');
}

function describeEffect(stored: StoredEffect): readonly string[] {
  const { effect, status, outcome } = stored;
  const isUnderWay = status === 'pending' || status === 'claimed';
  if (effect.kind === 'roles') {
    if (status === 'failed') return [outcome ?? 'Roles could not be changed.'];
    return isUnderWay ? ['The roles are still being put right.'] : [];
  }
  const user = mentionUser(effect.userId);
  if (outcome === 'sent' || outcome === 'nothing left to tell') return [];
  if (isKeyDm(stored)) {
    if (outcome === 'closed') return [`The key did not reach ${user}: their DMs are closed.`];
    return isUnderWay
      ? [`The DM with the key for ${user} is still on its way.`]
      : [`The DM with the key for ${user} was not sent: ${outcome ?? status}.`];
  }
  if (outcome === 'closed') return [`${user} could not be notified: their DMs are closed.`];
  return isUnderWay ? [] : [`${user} could not be notified: ${outcome ?? status}.`];
}
