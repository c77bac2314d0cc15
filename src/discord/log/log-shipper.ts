import { createHash } from 'node:crypto';
import { RESTJSONErrorCodes } from 'discord.js';
import { system } from '../../domain/actor.ts';
import type { Alert } from '../../domain/audit.ts';
import type { License } from '../../domain/license.ts';
import { logCursorNote } from '../../domain/notes.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { minuteMs } from '../../domain/values/calendar.ts';
import { memberReturnedAlert } from '../../services/departures.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { Reply } from '../framework/reply.ts';
import type { Sign } from '../framework/custom-id.ts';
import type { DiscordApi } from '../gateway/discord-api.ts';
import { describeError, isDiscordError, isTransient } from '../gateway/discord-errors.ts';
import { leaseName } from '../gateway/leadership.ts';
import { toMessage } from '../framework/message.ts';
import { actionMenuRows, ipTarget, licenseTarget, resendTarget, returnedTarget, type Target } from './action-menu.ts';
import { type Batch, collectBatch, type CollectParts, type Cursor, type GuildNews } from './collect-batch.ts';
import { type AttemptChannel, describeAttempts, describeLicense, type Names } from './describe-attempts.ts';
import { describeAlerts, describeAuditEvents } from './describe-audit.ts';
import { type Digest, topEntries } from './digest.ts';

/** Posts what happened into the guilds' log channels. */
export interface LogShipper {
  readonly intervalMs: number;
  /** Collects one batch and posts it; the next tick repeats a batch that could not be posted. */
  tick(): Promise<undefined>;
}

export interface LogShipperParts extends CollectParts {
  readonly storage: CollectParts['storage'] &
    Pick<Storage, 'note' | 'setNote' | 'recordAudit' | 'raiseAlert' | 'license'>;
  readonly api: Pick<DiscordApi, 'send'>;
  readonly sign: Sign;
  /** null: another process posts. */
  readonly fence: () => number | null;
}

interface Post {
  readonly guildId: string;
  readonly channelId: string;
  readonly reply: Reply;
}

/** One message per channel and tick stays well below Discord's limit of five messages in five seconds. */
const intervalMs = 3000;
const start: Cursor = { attempt: 0, audit: 0, alert: 0, minute: 0 };

export function createLogShipper(parts: LogShipperParts): LogShipper {
  const { storage, clock } = parts;
  /** The batch that is being posted, with the posts that are still to be sent. */
  let pending: { readonly batch: Batch; readonly posts: Post[]; readonly stored: string | null } | null = null;
  const dropped = new Map<string, number>();

  async function take(): Promise<NonNullable<typeof pending>> {
    const stored = await storage.note(logCursorNote);
    // A new installation has nothing to catch up with, so counts begin with the current minute.
    const from = stored === null ? { ...start, minute: clock().getTime() - minuteMs } : (JSON.parse(stored) as Cursor);
    const batch = await collectBatch(parts, from);
    const posts: Post[] = [];
    for (const kind of ['failed', 'alerts', 'admin', 'valid'] as const) {
      for (const [guildId, news] of batch.guilds) posts.push(...(await postsOf(parts, kind, guildId, news)));
    }
    for (const [guildId, news] of batch.guilds) {
      if (news.dropped > 0) dropped.set(guildId, (dropped.get(guildId) ?? 0) + news.dropped);
    }
    return { batch, posts, stored };
  }

  async function reportDropped(): Promise<void> {
    for (const [guildId, count] of dropped) {
      const details = { what: 'log posts', count };
      const reason = 'older than a day when the bot came back';
      await storage.recordAudit(guildId, {
        actor: system,
        action: 'effect.dropped',
        subject: 'guild',
        reason,
        details,
      });
    }
    dropped.clear();
  }

  return {
    intervalMs,
    async tick() {
      const fence = parts.fence();
      if (fence === null) {
        pending = null;
        return undefined;
      }
      pending ??= await take();
      const { batch, posts, stored } = pending;
      while (posts[0]) {
        await send(parts, posts[0], batch);
        posts.shift();
      }
      const reached = JSON.stringify(batch.until);
      if (reached !== stored) await storage.setNote(logCursorNote, reached, { lease: leaseName, number: fence });
      pending = null;
      // After a long pause, old posts come in many batches. They are reported as one event, after the last one.
      if ([...batch.guilds.values()].every((news) => news.dropped === 0)) await reportDropped();
      return undefined;
    },
  };
}

type Kind = AttemptChannel | 'admin' | 'alerts';

async function postsOf(parts: LogShipperParts, kind: Kind, guildId: string, news: GuildNews): Promise<readonly Post[]> {
  const { storage, sign } = parts;
  const bundle = await storage.bundle(guildId);
  const channelId = bundle?.settings[channelSettings[kind]] ?? null;
  if (!bundle || channelId === null) return [];
  const post = (reply: Reply, targets: readonly Target[]): readonly Post[] => [
    { guildId, channelId, reply: { ...reply, rows: actionMenuRows(targets, sign) } },
  ];

  if (kind === 'alerts') {
    const { first, total } = news.alerts;
    return total === 0 ? [] : post(describeAlerts(first, total), first.flatMap(alertTargets));
  }
  if (kind === 'admin') {
    const { first, total, counts } = news.audit;
    return total === 0 ? [] : post(describeAuditEvents(first, total, counts), first.flatMap(auditTargets));
  }
  const digest = news[kind];
  if (digest.total === 0) return [];
  const licenses = new Map<number, License | null>();
  for (const id of licenseIdsOf(digest)) licenses.set(id, await storage.license(guildId, { id }));
  const names: Names = {
    license: (id) => licenses.get(id) ?? null,
    productName: (id) => bundle.products.byId(id)?.name ?? null,
  };
  return post(describeAttempts(kind, digest, names), attemptTargets(digest, names));
}

const channelSettings = {
  valid: 'channels.valid',
  failed: 'channels.failed',
  admin: 'channels.admin',
  alerts: 'channels.alerts',
} as const satisfies Record<Kind, keyof Settings>;

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

function auditTargets({
  subject,
  action,
  details,
}: {
  subject: string;
  action: string;
  details: object;
}): readonly Target[] {
  const id = /^license:(\d+)$/.exec(subject)?.[1];
  if (id !== undefined) return [licenseTarget(Number(id), `License ${id}`)];
  const isUndeliveredKey = action.startsWith('effect.') && 'what' in details && details.what === 'keys';
  if (!isUndeliveredKey || !('licenseIds' in details) || !Array.isArray(details.licenseIds)) return [];
  return details.licenseIds.map((licenseId) => resendTarget(Number(licenseId)));
}

function alertTargets({ kind, subject }: Alert): readonly Target[] {
  return kind === memberReturnedAlert ? [returnedTarget(subject.replace(/^user:/, ''))] : [];
}

/** Raises an alert, at most once an hour, for a deleted or closed channel. Throws transient errors. */
async function send(
  { api, storage }: LogShipperParts,
  { guildId, channelId, reply }: Post,
  batch: Batch,
): Promise<void> {
  try {
    await api.send(channelId, toMessage(reply), nonceOf(channelId, reply, batch));
  } catch (error) {
    // The channel of one guild must not delay the logs of all others.
    if (isTransient(error)) throw error;
    const text = describeRefusedPost(channelId, error);
    await storage.raiseAlert(guildId, { kind: 'log-channel', subject: channelId, text });
  }
}

function describeRefusedPost(channelId: string, error: unknown): string {
  const { UnknownChannel, MissingAccess, MissingPermissions } = RESTJSONErrorCodes;
  if (isDiscordError(error, UnknownChannel)) {
    return `The log channel ${channelId} was deleted: choose another in /settings.`;
  }
  if (isDiscordError(error, MissingAccess, MissingPermissions)) {
    return `I may not post into the log channel ${channelId}: give me View Channel, Send Messages and Embed Links there.`;
  }
  return `Discord takes no posts for the log channel ${channelId}: ${describeError(error)}. Choose another in /settings.`;
}

/** A batch that is repeated after a crash has the same nonce, so that Discord makes one message of both. */
function nonceOf(channelId: string, reply: Reply, { from, until }: Batch): string {
  const text = JSON.stringify([channelId, from, until, reply.embeds?.[0]?.title]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 25);
}
