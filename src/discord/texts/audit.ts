import type { Actor } from '../../domain/actor.ts';
import type { AuditAction, AuditEvent } from '../../domain/audit.ts';
import { blacklistTypes } from '../../domain/blacklist/blacklist.ts';
import type { AuditNames } from '../../services/records.ts';
import { describeAuditDetails } from './audit-details.ts';
import { entryName } from './blacklist.ts';
import { escapeText } from './escape-text.ts';
import { clockTime, count, listWords, maskedKey, mentionUser } from './phrases.ts';

/** What happened, in a summary. */
export const auditWords = {
  'guild.created': 'server set up',
  'guild.changed': 'server changed',
  'guild.deleted': 'server deleted',
  'settings.changed': 'settings changed',
  'product.created': 'product created',
  'product.changed': 'product changed',
  'product.deleted': 'product deleted',
  'product.restored': 'product restored',
  'release.added': 'release added',
  'release.archived': 'release archived',
  'release.latest': 'latest release changed',
  'license.issued': 'license issued',
  'license.changed': 'license changed',
  'license.extended': 'license extended',
  'license.suspended': 'license suspended',
  'license.resumed': 'license resumed',
  'license.switched-off': 'license paused',
  'license.switched-on': 'license switched on',
  'license.reassigned': 'license reassigned',
  'license.shared': 'license shared',
  'license.unshared': 'license no longer shared',
  'license.rekeyed': 'new key',
  'license.resent': 'key sent again',
  'license.revealed': 'key revealed',
  'license.reset': 'machines forgotten',
  'license.reset-undone': 'reset undone',
  'license.redeemed': 'license redeemed',
  'license.deleted': 'license deleted',
  'license.restored': 'license restored',
  'license.expired': 'license expired',
  'license.expiry-undone': 'license has not expired after all',
  'license.purged': 'license removed for good',
  'blacklist.added': 'blacklisted',
  'blacklist.removed': 'taken off the blacklist',
  'blacklist.ended': 'blacklist entry ended',
  'api-key.created': 'API key created',
  'api-key.revoked': 'API key revoked',
  'customer.created': 'customer added',
  'customer.changed': 'customer changed',
  'customer.revealed': 'e-mail address revealed',
  'customer.merged': 'customers merged',
  'customer.merge-undone': 'merge undone',
  'effect.dropped': 'not sent any more',
  'effect.failed': 'could not be done in Discord',
  'roles.stopped': 'role run stopped',
} as const satisfies Record<AuditAction, string>;

/** What the actor did to the subject. A function: what became of the subject, where the program itself is the actor. */
const sentences = {
  'guild.created': 'set up',
  'guild.changed': 'changed',
  'guild.deleted': 'deleted',
  'settings.changed': 'changed',
  'product.created': 'created',
  'product.changed': 'changed',
  'product.deleted': 'deleted',
  'product.restored': 'restored',
  'release.added': 'added a release of',
  'release.archived': 'archived a release of',
  'release.latest': 'chose the latest release of',
  'license.issued': 'issued',
  'license.changed': 'changed',
  'license.extended': 'extended',
  'license.suspended': 'suspended',
  'license.resumed': 'resumed',
  'license.switched-off': 'paused',
  'license.switched-on': 'switched on',
  'license.reassigned': 'reassigned',
  'license.shared': 'shared',
  'license.unshared': 'stopped sharing',
  'license.rekeyed': 'gave a new key to',
  'license.resent': 'sent the key again of',
  'license.revealed': 'looked at the key of',
  'license.reset': 'reset the machines of',
  'license.reset-undone': 'took back the reset of',
  'license.redeemed': 'redeemed',
  'license.deleted': 'deleted',
  'license.restored': 'restored',
  'license.expired': (subject) => `${subject} has expired`,
  'license.expiry-undone': (subject) => `${subject} has not expired after all`,
  'license.purged': (subject) => `${subject} was removed for good`,
  'blacklist.added': 'blacklisted',
  'blacklist.removed': 'took off the blacklist:',
  'blacklist.ended': (subject) => `${subject} is blacklisted no longer`,
  'api-key.created': 'created',
  'api-key.revoked': 'revoked',
  'customer.created': 'added',
  'customer.changed': 'changed',
  'customer.revealed': 'looked at the e-mail address of',
  'customer.merged': 'merged',
  'customer.merge-undone': 'undid the merge of',
  'effect.dropped': (subject) => `not sent any more: ${subject}`,
  'effect.failed': (subject) => `${subject} did not succeed`,
  'roles.stopped': 'stopped the role run of',
} as const satisfies Record<AuditAction, string | ((subject: string) => string)>;

/** One event in one line: when, who, what, and what changed. What people wrote is escaped. */
export function describeAuditEvent(event: AuditEvent, names: AuditNames, when = clockTime): string {
  const { at, action, actor, reason } = event;
  const sentence = sentences[action];
  const subject = describeSubject(event, names);
  const what =
    typeof sentence === 'string'
      ? `${describeActor(actor, names)} **${sentence}** ${subject}`
      : `**${sentence(subject)}**`;
  return [`${when(at)} ${what}`, describeAuditDetails(event, names), describeReason(action, reason)]
    .filter(Boolean)
    .join(' · ');
}

/** How often an actor did something, where there are too many events for a line each. */
export function describeAuditCount(action: AuditAction, actor: Actor, times: number, names: AuditNames): string {
  return `${auditWords[action]} × ${times.toLocaleString('en-US')} · ${describeActor(actor, names)}`;
}

function describeActor(actor: Actor, names: AuditNames): string {
  switch (actor.type) {
    case 'user':
      return mentionUser(actor.id);
    case 'api-key': {
      const name = names.apiKeyName(actor.id);
      return `API key ${name === null ? '' : `${escapeText(name, 40)} `}(#${actor.id})`;
    }
    case 'cli':
      return 'The command line';
    case 'system':
      return 'I';
  }
}

/** A reason of an effect is a text of ours, which may mention roles; others are what people wrote. */
function describeReason(action: AuditAction, reason: string | null): string {
  if (reason === null) return '';
  if (reason === 'closed') return 'their DMs are closed';
  return action.startsWith('effect.') ? reason : `“${escapeText(reason, 100)}”`;
}

const maxIds = 5;

function describeSubject({ subject, details }: AuditEvent, names: AuditNames): string {
  const [kind = '', id = ''] = subject.split(':');
  switch (kind) {
    case 'guild':
      return details.what === undefined ? 'this server' : describeEffectSubject(details);
    case 'settings':
      return 'settings';
    case 'license':
      return describeLicense(Number(id), names);
    case 'licenses':
      return describeLicenses(details.licenses, names.productName(Number(details.product)));
    case 'product': {
      const name = names.productName(Number(id)) ?? (typeof details.name === 'string' ? details.name : null);
      return `product ${name === null ? '' : `**${escapeText(name, 40)}** `}(#${id})`;
    }
    case 'blacklist': {
      const type = blacklistTypes.find((one) => one === details.type);
      return type && typeof details.value === 'string' ? entryName({ type, value: details.value }) : `entry #${id}`;
    }
    case 'api-key': {
      const name = names.apiKeyName(Number(id)) ?? (typeof details.name === 'string' ? details.name : null);
      return `API key ${name === null ? '' : `**${escapeText(name, 40)}** `}(#${id})`;
    }
    case 'user':
      return mentionUser(id);
    case 'customer':
      return `customer #${id}${typeof details.into === 'number' ? ` and customer #${details.into}` : ''}`;
    case 'effect':
      return describeEffectSubject(details);
    default:
      return escapeText(subject.replace(':', ' '), 40);
  }
}

function describeLicense(id: number, { license, productName }: AuditNames): string {
  const found = license(id);
  const product = found && productName(found.productId);
  return found
    ? `license **${escapeText(product ?? '?', 40)}** ${maskedKey(found.keySuffix)} (#${id})`
    : `license #${id}`;
}

function describeLicenses(ids: unknown, product: string | null = null): string {
  if (!Array.isArray(ids)) return 'licenses';
  const of = product === null ? '' : ` of **${escapeText(product, 40)}**`;
  const shown = ids.slice(0, maxIds).map((id) => `#${String(id)}`);
  const more = ids.length > shown.length ? [`${ids.length - shown.length} more`] : [];
  return `${count(ids.length, 'license')}${of} (${listWords([...shown, ...more])})`;
}

/** What was to be done in Discord, for which user and because of which licenses. */
function describeEffectSubject({ what, userId, licenseIds, count: posts }: AuditEvent['details']): string {
  const user = typeof userId === 'string' ? mentionUser(userId) : 'a user';
  if (what === 'log posts') return typeof posts === 'number' ? count(posts, 'log post') : 'log posts';
  if (what === 'roles') return `giving and taking roles of ${user}`;
  const about = Array.isArray(licenseIds) && licenseIds.length > 0 ? ` about ${describeLicenses(licenseIds)}` : '';
  return `the DM to ${user}${what === 'keys' ? ' with keys' : ''}${about}`;
}
