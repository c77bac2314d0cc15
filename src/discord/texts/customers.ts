import type { APIEmbed } from 'discord.js';
import { type Customer, identityText } from '../../domain/customers/customer.ts';
import type { CustomerRow } from '../../services/customers/customer-service.ts';
import type { LicenseRow } from '../../services/licenses/license-view.ts';
import { embed } from '../framework/embed.ts';
import { codeText, escapeText } from './escape-text.ts';
import { describeRow } from './licenses.ts';
import { count, fullTime, mentionUser } from './phrases.ts';

/** How many identities and licenses a card names. */
const maxShown = 10;

/** A customer within a sentence. */
export function customerName({ id, discordId, username, fullName }: Customer): string {
  const name = username ?? fullName;
  if (discordId !== null) return `customer #${id} (${mentionUser(discordId)})`;
  return name === null ? `customer #${id}` : `customer #${id} (${escapeText(name, 40)})`;
}

/** A customer in a list. */
export function describeCustomer(customer: Customer): string {
  const { id, discordId, username, fullName, maskedEmail, identities } = customer;
  return [
    `#${id}`,
    ...(discordId === null ? [] : [mentionUser(discordId)]),
    ...[username, fullName].flatMap((name) => (name === null ? [] : [escapeText(name, 40)])),
    ...(maskedEmail === null ? [] : [codeText(maskedEmail, 60)]),
    ...identities.slice(0, 2).map((identity) => codeText(identityText(identity), 40)),
    ...(identities.length > 2 ? [`${identities.length - 2} more`] : []),
  ].join(' · ');
}

/** A customer in an autocomplete choice, where Discord shows no markdown. */
export function customerChoice({ customer, user }: CustomerRow): string {
  const { id, username, fullName, maskedEmail, identities } = customer;
  const names = [user?.username, username, fullName, maskedEmail, ...identities.slice(0, 1).map(identityText)];
  return [`#${id}`, ...names.filter((text) => text !== null && text !== undefined)].join(' · ');
}

/** Everything about one customer, for staff; of the address only how it is masked. */
export function describeCustomerCard(customer: Customer, licenses: number, rows: readonly LicenseRow[]): APIEmbed {
  const { id, uuid, discordId, maskedEmail, username, fullName, identities, metadata, createdAt } = customer;
  const more = licenses - rows.length;
  return embed({
    title: `Customer ${id}`,
    lines: [
      licenses === 0 ? 'No licenses.' : `${count(licenses, 'license')}:`,
      ...rows.map(describeRow),
      ...(more > 0 ? [`-# and ${more} more`] : []),
    ],
    fields: [
      ['Discord user', discordId === null ? 'not known: the licenses are unclaimed' : mentionUser(discordId)],
      ['E-mail address', maskedEmail === null ? '' : codeText(maskedEmail)],
      ['User name', username === null ? '' : escapeText(username)],
      ['Full name', fullName === null ? '' : escapeText(fullName, 200)],
      ['Identities', describeIdentities(identities)],
      ['UUID', codeText(uuid)],
      ...metadata.map(({ key, value }) => [escapeText(key), escapeText(value, 1_000)] as const),
      ['Known since', fullTime(createdAt)],
    ],
  });
}

function describeIdentities(identities: Customer['identities']): string {
  const shown = identities.slice(0, maxShown).map((identity) => codeText(identityText(identity), 80));
  const more = identities.length > maxShown ? [`and ${identities.length - maxShown} more`] : [];
  return [...shown, ...more].join('\n');
}

/** What a merge does, for whoever is asked first. */
export function describeMerge(from: Customer, into: Customer, licenses: number): readonly string[] {
  const isMoved = from.discordId !== null && into.discordId !== null;
  const owner = isMoved ? ` They go from ${mentionUser(from.discordId)} to ${mentionUser(into.discordId)}.` : '';
  return [
    describeCustomer(from),
    `becomes part of`,
    describeCustomer(into),
    `${licenses === 0 ? 'No license moves.' : `${count(licenses, 'license moves', 'licenses move')}.`}${licenses === 0 ? '' : owner}`,
    'What both have stays as the second one has it. You can take it back for 15 minutes.',
  ];
}
