import type { APIEmbed } from 'discord.js';
import type { LicenseCard } from '../../services/licenses/license-view.ts';
import { describeEnd } from './direct-message.ts';
import { embed, type Tone } from './embed.ts';
import { codeText, escapeText } from './escape-text.ts';
import { describeOwner, describeState } from './license-words.ts';
import { machineFields } from './machine-words.ts';
import { fullTime, maskedKey, relativeTime } from './phrases.ts';
import { describeTrouble } from './trouble.ts';

/** Everything about one license, for staff; the note is not part of it, because a card may be posted. */
export function describeCard(card: LicenseCard): APIEmbed {
  const { license, product, owner, trouble, lastGrant } = card;
  return embed({
    title: `License ${license.id}`,
    lines: trouble === null ? [] : [`❌ ${describeTrouble(trouble, 'staff')}`],
    fields: [
      ['Product', escapeText(product.name)],
      ['Key', maskedKey(license.keyTail)],
      ['State', describeState(card, 'staff')],
      ['Owner', `${describeOwner(license)}${owner === null ? '' : ` (${escapeText(owner.username, 40)})`}`],
      ['Valid until', describeEnd(license)],
      ['Last granted', lastGrant ? relativeTime(lastGrant.at) : 'never'],
      ...machineFields(card),
      ['Name', license.name === null ? '' : escapeText(license.name)],
      ['Order', license.order === null ? '' : codeText(license.order)],
      ['Staff license', license.staff ? 'yes: it passes the checks of every product' : ''],
      ['Created', fullTime(license.createdAt)],
    ],
    tone: toneOf(card),
  });
}

export function toneOf({ state, trouble }: LicenseCard): Tone {
  if (state !== 'active') return state === 'off' ? 'quiet' : 'warning';
  return trouble === null ? 'good' : 'bad';
}
