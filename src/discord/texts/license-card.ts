import type { APIEmbed } from 'discord.js';
import { bindingKinds } from '../../domain/limits.ts';
import { refillText } from '../../domain/parse-points.ts';
import type { LicenseCard } from '../../services/licenses/license-view.ts';
import { describeExpiry } from './direct-message.ts';
import { describeMinutes } from '../../texts/count.ts';
import { codeText, escapeText } from './escape-text.ts';
import { describeOwner, describeState } from './licenses.ts';
import { kindWords, machineFields } from './machines.ts';
import { fullTime, maskedKey, relativeTime } from './phrases.ts';
import { describeLastDenial } from './denial-card.ts';
import { embed, type Tone } from '../framework/embed.ts';

/** Everything about one license, for staff. The note is left out, because a card may be posted. */
export function describeCard(card: LicenseCard): APIEmbed {
  const { license, product, owner, lastDenial, lastGrant } = card;
  return embed({
    title: `License ${license.id}`,
    lines: lastDenial === null ? [] : [`❌ ${describeLastDenial(lastDenial, 'staff')}`],
    fields: [
      ['Product', escapeText(product.name)],
      ['Key', maskedKey(license.keySuffix)],
      ['State', describeState(card, 'staff')],
      ['Owner', `${describeOwner(license)}${owner === null ? '' : ` (${escapeText(owner.username, 40)})`}`],
      ['Valid until', describeExpiry(license)],
      ['Last granted', lastGrant ? relativeTime(lastGrant.at) : 'never'],
      ...machineFields(card),
      ['Forgotten when unseen for', describeForgetAfter(card)],
      ['Scope', license.scope === null ? '' : codeText(license.scope, 200)],
      ['Validation points', describePoints(card)],
      ['Customer', card.customerId === null ? '' : codeText(card.customerId)],
      ['Name', license.name === null ? '' : escapeText(license.name)],
      ['Order', license.order === null ? '' : codeText(license.order)],
      ['Staff license', license.staff ? 'yes: it passes the checks of every product' : ''],
      ['Created', fullTime(license.createdAt)],
    ],
    tone: toneOf(card),
  });
}

export function toneOf({ state, lastDenial }: LicenseCard): Tone {
  if (state !== 'active') return state === 'off' ? 'quiet' : 'warning';
  return lastDenial === null ? 'good' : 'bad';
}

function describeForgetAfter({ forgetAfter }: LicenseCard): string {
  const kinds = bindingKinds.filter((kind) => forgetAfter[kind] !== null);
  return kinds.map((kind) => `${kindWords[kind].many}: ${describeMinutes(forgetAfter[kind] ?? 0)}`).join(', ');
}

/** Validation points; empty where the license has none. */
function describePoints({ points: { left, limit, amount, interval } }: LicenseCard): string {
  if (left === null) return '';
  const refill = refillText({ amount, interval });
  return `${left}${limit === null ? '' : ` of ${limit}`}${refill === 'none' ? '' : `, ${refill} come back`}`;
}
