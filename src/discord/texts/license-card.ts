import type { APIEmbed } from 'discord.js';
import { bindingKinds } from '../../domain/limits.ts';
import { refillText } from '../../domain/parse-points.ts';
import { effectiveFeatures } from '../../domain/values/features.ts';
import type { LicenseCard } from '../../services/licenses/license-view.ts';
import { describeFurther } from '../../texts/product-names.ts';
import { describeExpiry } from './direct-message.ts';
import { describeMinutes } from '../../texts/count.ts';
import { codeText, escapeText } from './escape-text.ts';
import { describeHelpers, describeOwner, describeState } from './licenses.ts';
import { kindWords, machineFields } from './machines.ts';
import { fullTime, maskedKey, relativeTime } from './phrases.ts';
import { describeFeatures, describeMetadata } from './metadata.ts';
import { describeDenyingEntries } from './blacklist.ts';
import { describeLastDenial, isDenied } from './denial-card.ts';
import { embed, type Tone } from '../framework/embed.ts';

/** Everything about one license, for staff. The note is left out, because a card may be posted. */
export function describeCard(card: LicenseCard): APIEmbed {
  const { license, product, owner, lastDenial, lastGrant, addressPattern } = card;
  return embed({
    title: `License ${license.id}`,
    lines: [
      ...describeDenyingEntries(furtherDenyingEntries(card)).map(
        (line) => `⛔ ${line} \`/blacklist remove\` lets it in.`,
      ),
      ...(lastDenial && isDenied(card) ? [`❌ ${describeLastDenial(lastDenial, 'staff')}`] : []),
      ...(addressPattern ? [`🔁 ${describeAddressPattern(addressPattern)}`] : []),
    ],
    fields: [
      ['Product', escapeText(product.name)],
      ['Also for', describeFurther(card, (name) => escapeText(name, 60)) ?? ''],
      ['Key', maskedKey(license.keySuffix)],
      ['State', describeState(card, 'staff')],
      ['Owner', `${describeOwner(license)}${owner === null ? '' : ` (${escapeText(owner.username, 40)})`}`],
      ['Shared with', describeHelpers(license)],
      ['Valid until', describeExpiry(license)],
      ['Last granted', lastGrant ? relativeTime(lastGrant.at) : 'never'],
      ['Last active', card.lastActiveAt ? relativeTime(card.lastActiveAt) : 'never'],
      ['Last refused', lastDenial && !isDenied(card) ? describeLastDenial(lastDenial, 'staff') : '', false],
      ...machineFields(card),
      ['Forgotten when unseen for', describeForgetAfter(card)],
      ['Scope', license.scope === null ? '' : codeText(license.scope, 200)],
      ['Validation points', describePoints(card)],
      ['Features', describeFeatures(effectiveFeatures(license, product))],
      ['Metadata', describeMetadata(license.metadata), false],
      ['Customer', describeCustomer(card)],
      ['Name', license.name === null ? '' : escapeText(license.name)],
      ['Order', license.order === null ? '' : codeText(license.order)],
      ['Staff license', license.staff ? 'yes: it passes the checks of every product' : ''],
      ['Created', fullTime(license.createdAt)],
      ['UUID', codeText(license.uuid)],
    ],
    tone: toneOf(card),
  });
}

/** The number of the record, which `/customer show` takes, and the UUID that programs know of an owner. */
function describeCustomer({ license, customerId }: LicenseCard): string {
  const number = license.customerId === null ? [] : [`#${license.customerId}`];
  return [...number, ...(customerId === null ? [] : [codeText(customerId)])].join(' ');
}

export function toneOf(card: LicenseCard): Tone {
  if (card.state !== 'active') return card.state === 'off' ? 'quiet' : 'warning';
  return isDenied(card) || card.deniedBy.length > 0 ? 'bad' : 'good';
}

/** The entries that deny the license's checks now, without the one that the last denial names anyway. */
export function furtherDenyingEntries({ lastDenial, deniedBy }: LicenseCard): LicenseCard['deniedBy'] {
  const remedy = lastDenial?.remedy;
  return deniedBy.filter(({ entry }) => remedy?.type !== 'unblacklist' || entry.id !== remedy.entry?.id);
}

/** Why its address is refused, and the setting that ends it. */
function describeAddressPattern({ hwid, addresses }: NonNullable<LicenseCard['addressPattern']>): string {
  const machine = `HWID ${codeText(hwid, 60)} comes from ${addresses} addresses, never from two at a time.`;
  return `${machine} With \`limits.ipMode\` \`follow-hwid\` a known HWID may change its address.`;
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
