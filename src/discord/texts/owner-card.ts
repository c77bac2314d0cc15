import type { APIEmbed } from 'discord.js';
import type { BuyerCard } from '../../services/buyers/buyer-service.ts';
import type { LicenseCard } from '../../services/licenses/license-view.ts';
import { describeBlocked } from './blacklist.ts';
import { describeCheck } from './attempt-line.ts';
import type { Attempt } from '../../domain/attempt.ts';
import { describeExpiry } from './direct-message.ts';
import type { License } from '../../domain/license.ts';
import { holdRemedies } from '../../texts/holds.ts';
import { describeProducts } from '../../texts/product-names.ts';
import { embed } from '../framework/embed.ts';
import { escapeText } from './escape-text.ts';
import { furtherDenyingEntries, toneOf } from './license-card.ts';
import { describeHelpers, describeOwner, describeState } from './licenses.ts';
import { machineFields } from './machines.ts';
import { maskedKey, relativeTime } from './phrases.ts';
import { describeLastDenial, isDenied } from './denial-card.ts';

/** Whether a license works, for its owner or a helper in a sentence or two. */
export function describeHealth(card: BuyerCard): string {
  const { state, lastDenial, lastGrant } = card;
  // Only the owner has paused it “by you”, and only they can resume it.
  if (state !== 'active') return describeState(card, state === 'off' && card.isShared ? 'staff' : 'owner');
  const denying = furtherDenyingEntries(card);
  const blocked = describeBlocked(denying);
  if (blocked !== null && denying[0]?.value === null) return blocked;
  if (lastDenial && isDenied(card)) return joinSentences(describeLastDenial(lastDenial, 'owner'), blocked);
  return joinSentences(
    lastGrant ? `Working, last check ${relativeTime(lastGrant.at)}` : 'Ready, not used yet',
    blocked,
  );
}

function joinSentences(first: string, second: string | null): string {
  return second === null ? first : `${first.replace(/\.$/, '')}. ${second}`;
}

/** One license in the list of its owner or a helper. */
export function describeOwnLine(card: BuyerCard): string {
  const isWell = card.state === 'active' && !isDenied(card) && card.deniedBy.length === 0;
  const icon = isWell ? '🟢' : card.state === 'off' ? '⏸' : '🔴';
  const shared = card.isShared ? ` · shared by ${describeOwner(card.license)}` : '';
  return `${icon} ${ownName(card)}${shared}\n${describeHealth(card)}`;
}

/** Everything about one license, for its owner or a helper. */
export function describeOwnCard(card: BuyerCard): APIEmbed {
  const { license, product, guildName } = card;
  return embed({
    title: `${namesOf(card)} · ${escapeText(guildName)}`,
    lines: [describeHealth(card)],
    fields: [
      ['Key', maskedKey(license.keySuffix)],
      ['What you can do', card.state === 'suspended' ? describeRemedies(license) : '', false],
      card.isShared ? ['Shared by', describeOwner(license)] : ['Shared with', describeHelpers(license)],
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

function ownName(card: LicenseCard): string {
  return `**${namesOf(card)}** ${maskedKey(card.license.keySuffix)} · ${escapeText(card.guildName)}`;
}

function namesOf(card: LicenseCard): string {
  return describeProducts(card, (name) => escapeText(name, 60));
}

function describeRemedies({ holds }: License): string {
  return holds.map(({ kind }) => holdRemedies[kind]).join('\n');
}
