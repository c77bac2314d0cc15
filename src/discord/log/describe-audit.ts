import type { Alert } from '../../domain/audit.ts';
import type { Reply } from '../framework/reply.ts';
import { embed } from '../framework/embed.ts';
import { describeAuditCount, describeAuditEvent } from '../texts/audit.ts';
import type { AuditNames } from '../../services/records.ts';
import { escapeText } from '../texts/escape-text.ts';
import { clockTime, count, mentionChannel, mentionUser } from '../texts/phrases.ts';
import { type AuditDigest, maxLines } from './digest.ts';

const maxCounts = 20;

/** One embed: a line for each event, or under load the counts by action and actor. */
export function describeAuditEvents({ total, first, counts }: AuditDigest, names: AuditNames): Reply {
  const title = count(total, 'admin action');
  if (total <= maxLines)
    return { embeds: [embed({ title, lines: first.map((event) => describeAuditEvent(event, names)) })] };
  const most = [...counts.values()].sort((a, b) => b.times - a.times).slice(0, maxCounts);
  const lines = most.map(({ action, actor, times }) => describeAuditCount(action, actor, times, names));
  const others = total - most.reduce((sum, { times }) => sum + times, 0);
  return {
    embeds: [embed({ title, lines: others > 0 ? [...lines, `… and ${others.toLocaleString('en-US')} more`] : lines })],
  };
}

export function describeAlerts(alerts: readonly Alert[], total: number): Reply {
  const lines = alerts.map((alert) => `${clockTime(alert.at)} ⚠️ ${describeAlert(alert)}`);
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
