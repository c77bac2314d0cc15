import type { APIEmbed } from 'discord.js';
import type { LicenseCard } from '../../services/licenses/license-view.ts';
import { describeCheck } from './attempt-line.ts';
import type { Attempt } from '../../domain/attempt.ts';
import { describeExpiry } from './direct-message.ts';
import { embed } from '../framework/embed.ts';
import { escapeText } from './escape-text.ts';
import { toneOf } from './license-card.ts';
import { describeState } from './licenses.ts';
import { machineFields } from './machines.ts';
import { maskedKey, relativeTime } from './phrases.ts';
import { describeLastDenial, isDenied } from './denial-card.ts';

/** Whether a license works, for its owner in one sentence. */
export function describeHealth(card: LicenseCard): string {
  const { state, lastDenial, lastGrant } = card;
  if (state !== 'active') return describeState(card, 'owner');
  if (lastDenial && isDenied(card)) return describeLastDenial(lastDenial, 'owner');
  return lastGrant ? `Working, last check ${relativeTime(lastGrant.at)}` : 'Ready, not used yet';
}

/** One license in the list of its owner. */
export function describeOwnLine(card: LicenseCard): string {
  const icon = card.state === 'active' && !isDenied(card) ? '🟢' : card.state === 'off' ? '⏸' : '🔴';
  return `${icon} ${ownName(card)}\n${describeHealth(card)}`;
}

/** Everything about one license, for its owner. */
export function describeOwnCard(card: LicenseCard): APIEmbed {
  const { license, product, guildName } = card;
  return embed({
    title: `${escapeText(product.name)} · ${escapeText(guildName)}`,
    lines: [describeHealth(card)],
    fields: [
      ['Key', maskedKey(license.keySuffix)],
      ['Valid until', describeExpiry(license)],
      ['Name', license.name === null ? '' : escapeText(license.name)],
      ['Last refused', card.lastDenial && !isDenied(card) ? describeLastDenial(card.lastDenial, 'owner') : '', false],
      ...machineFields(card),
    ],
    imageUrl: product.imageUrl,
    tone: toneOf(card),
  });
}

export function describeOwnChecks(card: LicenseCard, checks: readonly Attempt[]): APIEmbed {
  const lines = checks.length === 0 ? ['Nothing has checked this license yet.'] : checks.map(describeCheck);
  return embed({ title: `Last checks of ${escapeText(card.product.name)}`, lines });
}

function ownName({ license, product, guildName }: LicenseCard): string {
  return `**${escapeText(product.name)}** ${maskedKey(license.keySuffix)} · ${escapeText(guildName)}`;
}
