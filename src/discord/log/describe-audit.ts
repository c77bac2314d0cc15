import type { Actor } from '../../domain/actor.ts';
import type { Alert, AuditAction, AuditEvent } from '../../domain/audit.ts';
import type { Reply } from '../framework/reply.ts';
import { embed } from '../framework/embed.ts';
import { escapeText } from '../texts/escape-text.ts';
import { count, mentionChannel, mentionUser } from '../texts/phrases.ts';
import { maxLines, topEntries } from './digest.ts';

/** How many details of an event are shown; the audit log has all of them. */
const maxFacts = 4;

const words = {
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
  'license.issued': 'license issued',
  'license.changed': 'license changed',
  'license.extended': 'license extended',
  'license.suspended': 'license suspended',
  'license.resumed': 'license resumed',
  'license.switched-off': 'license paused by its owner',
  'license.switched-on': 'license unpaused by its owner',
  'license.reassigned': 'license reassigned',
  'license.rekeyed': 'new key',
  'license.resent': 'key sent again',
  'license.revealed': 'key revealed',
  'license.reset': 'machines forgotten',
  'license.reset-undone': 'reset undone',
  'license.redeemed': 'license redeemed',
  'license.deleted': 'license deleted',
  'license.restored': 'license restored',
  'license.expired': 'license expired',
  'license.purged': 'license removed for good',
  'blacklist.added': 'blacklisted',
  'blacklist.removed': 'taken off the blacklist',
  'blacklist.ended': 'blacklist entry ended',
  'api-key.created': 'API key created',
  'api-key.revoked': 'API key revoked',
  'customer.changed': 'customer UUID changed',
  'effect.dropped': 'not sent any more',
  'effect.failed': 'could not be done in Discord',
  'roles.stopped': 'role run stopped',
} as const satisfies Record<AuditAction, string>;

/** One embed: a line for each event, or under load the counts by action. */
export function describeAuditEvents(
  events: readonly AuditEvent[],
  total: number,
  counts: ReadonlyMap<AuditAction, number>,
): Reply {
  const title = count(total, 'admin action');
  if (total > maxLines) {
    const lines = topEntries(counts, 20).map(
      ([action, times]) => `${words[action]} × ${times.toLocaleString('en-US')}`,
    );
    return { embeds: [embed({ title, lines })] };
  }
  return { embeds: [embed({ title, lines: events.map(describeAuditEvent) })] };
}

function describeAuditEvent({ at, action, actor, subject, reason, details }: AuditEvent): string {
  return [
    `<t:${Math.floor(at.getTime() / 1000)}:T> **${words[action]}**`,
    escapeText(subject.replace(':', ' '), 40),
    describeActor(actor),
    Object.entries(details).slice(0, maxFacts).map(describeFact).join(', '),
    reason !== null && `“${escapeText(reason, 100)}”`,
  ]
    .filter(Boolean)
    .join(' · ');
}

export function describeAlerts(alerts: readonly Alert[], total: number): Reply {
  const lines = alerts.map((alert) => `<t:${Math.floor(alert.at.getTime() / 1000)}:T> ⚠️ ${describeAlert(alert)}`);
  const more = total > alerts.length ? [`… and ${total - alerts.length} more`] : [];
  return { embeds: [embed({ title: count(total, 'alert'), lines: [...lines, ...more], tone: 'warning' })] };
}

/** An alert is stored as plain text. The user or channel that it is about becomes a mention. */
function describeAlert({ kind, subject, text }: Alert): string {
  const shown = escapeText(text, 500);
  if (kind === 'log-channel') return shown.replace(subject, mentionChannel(subject));
  const userId = /^user:(\d+)$/.exec(subject)?.[1];
  return userId === undefined ? shown : shown.replace(userId, mentionUser(userId));
}

function describeActor(actor: Actor): string {
  switch (actor.type) {
    case 'user':
      return `by ${mentionUser(actor.id)}`;
    case 'api-key':
      return `by API key ${actor.id}`;
    case 'cli':
      return 'at the command line';
    case 'system':
      return 'by itself';
  }
}

/** Names of details whose values are Discord users. */
const userFacts = ['owner', 'from', 'to', 'userId'];

function describeFact([name, value]: readonly [string, unknown]): string {
  if (userFacts.includes(name) && typeof value === 'string' && /^\d+$/.test(value))
    return `${name}: ${mentionUser(value)}`;
  return escapeText(
    `${name}: ${isChange(value) ? `${plain(value.before)} → ${plain(value.after)}` : plain(value)}`,
    90,
  );
}

function isChange(value: unknown): value is { readonly before: unknown; readonly after: unknown } {
  return typeof value === 'object' && value !== null && 'before' in value && 'after' in value;
}

function plain(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(plain).join(', ');
  return Object.entries(value)
    .map(([name, part]) => `${name} ${plain(part)}`)
    .join(' ');
}
