import { type Alert, type AuditEvent, licenseIdOf } from '../../domain/audit.ts';
import type { License } from '../../domain/license.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import { addressPatternAlert } from '../../services/alerts.ts';
import { memberReturnedAlert } from '../../services/departures.ts';
import { channelSetting, type LogChannel } from '../../services/log-channels.ts';
import { placeholderAlert } from '../../services/placeholder-watch.ts';
import type { Services } from '../../services/services.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { Sign } from '../framework/custom-id.ts';
import type { Reply } from '../framework/reply.ts';
import {
  actionMenuRows,
  followHwidRow,
  ipTarget,
  licenseTarget,
  placeholdersTarget,
  resendTarget,
  returnedTarget,
  type Target,
} from './action-menu.ts';
import type { GuildNews } from './collect-batch.ts';
import { describeAttempts, describeLicense, type Names } from './describe-attempts.ts';
import { describeAlerts, describeAuditEvents } from './describe-audit.ts';
import { type Digest, topEntries } from './digest.ts';

/** One message for a log channel. */
export interface Post {
  readonly guildId: string;
  readonly channel: LogChannel;
  readonly channelId: string;
  readonly reply: Reply;
  /** How many records it reports. */
  readonly lines: number;
}

export interface ComposePostsParts {
  readonly storage: Pick<Storage, 'bundle' | 'license'>;
  readonly services: Pick<Services, 'records'>;
  readonly sign: Sign;
}

/** What is to be posted into one channel of one guild; none where there is no news, or no such channel is chosen. */
export async function composePosts(
  { storage, services, sign }: ComposePostsParts,
  channel: LogChannel,
  guildId: string,
  news: GuildNews,
): Promise<readonly Post[]> {
  const bundle = await storage.bundle(guildId);
  const channelId = bundle?.settings[channelSetting(channel)] ?? null;
  if (!bundle || channelId === null) return [];
  const post = (reply: Reply, lines: number, targets: readonly Target[]): readonly Post[] => [
    {
      guildId,
      channel,
      channelId,
      lines,
      reply: { ...reply, rows: [...actionMenuRows(targets, sign), ...(reply.rows ?? [])] },
    },
  ];

  if (channel === 'alerts') {
    const { first, total } = news.alerts;
    const offers = first.some(({ kind }) => kind === addressPatternAlert) ? [followHwidRow(sign)] : [];
    return total === 0
      ? []
      : post({ ...describeAlerts(first, total), rows: offers }, total, first.flatMap(alertTargets));
  }
  if (channel === 'admin') {
    const { first, total } = news.audit;
    if (total === 0) return [];
    const names = await services.records.auditNames(guildId, first);
    return post(describeAuditEvents(news.audit, names), total, first.flatMap(auditTargets));
  }
  const digest = news[channel];
  if (digest.total === 0) return [];
  const names = await namesOf(storage, bundle, licenseIdsOf(digest));
  return post(describeAttempts(channel, digest, names), digest.total, attemptTargets(digest, names));
}

async function namesOf(
  storage: ComposePostsParts['storage'],
  { guild, products }: Bundle,
  licenseIds: readonly number[],
): Promise<Names> {
  const licenses = new Map<number, License | null>();
  for (const id of new Set(licenseIds)) licenses.set(id, await storage.license(guild.id, { id }));
  return { license: (id) => licenses.get(id) ?? null, productName: (id) => products.byId(id)?.name ?? null };
}

function licenseIdsOf(digest: Digest): readonly number[] {
  const inLines = digest.first.flatMap(({ licenseId }) => (licenseId === null ? [] : [licenseId]));
  return [...new Set([...topEntries(digest.licenses, 8).map(([id]) => id), ...inLines])];
}

function attemptTargets(digest: Digest, names: Names): readonly Target[] {
  const licenses = licenseIdsOf(digest)
    .slice(0, 15)
    .map((id) => licenseTarget(id, `License ${id} · ${describeLicense(id, names).replace(/[`\\]/g, '')}`));
  return [...licenses, ...topEntries(digest.ips, 10).map(([ip]) => ipTarget(ip))];
}

function auditTargets(event: AuditEvent): readonly Target[] {
  const { action, details } = event;
  const id = licenseIdOf(event);
  if (id !== null) return [licenseTarget(id, `License ${id}`)];
  const isUndeliveredKey = action.startsWith('effect.') && details.what === 'keys';
  if (!isUndeliveredKey || !Array.isArray(details.licenseIds)) return [];
  return details.licenseIds.map((licenseId) => resendTarget(Number(licenseId)));
}

function alertTargets({ kind, subject }: Alert): readonly Target[] {
  if (kind === placeholderAlert) return [placeholdersTarget];
  if (kind === memberReturnedAlert) return [returnedTarget(subject.replace(/^user:/, ''))];
  const licenseId = kind === addressPatternAlert ? Number(subject.replace(/^license:/, '')) : null;
  return licenseId === null ? [] : [licenseTarget(licenseId, `License ${licenseId}`)];
}
