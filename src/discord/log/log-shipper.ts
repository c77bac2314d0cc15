import { createHash } from 'node:crypto';
import { system } from '../../domain/actor.ts';
import { logCursorNote } from '../../domain/notes.ts';
import { minuteMs } from '../../domain/values/calendar.ts';
import type { LogChannel } from '../../services/log-channels.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { leaseName } from '../gateway/leadership.ts';
import { type ChannelOutages, openChannelOutages } from './channel-outages.ts';
import { type Batch, collectBatch, type CollectParts, type Cursor } from './collect-batch.ts';
import { composePosts, type ComposePostsParts, type Post } from './compose-posts.ts';
import { type NewOutage, reportOutage, type ReportOutageParts, retryChannels, sendPost } from './send-posts.ts';

/** Posts what happened into the guilds' log channels. */
export interface LogShipper {
  readonly intervalMs: number;
  /** Collects one batch and posts it; the next tick repeats a batch that could not be posted. */
  tick(): Promise<undefined>;
}

export interface LogShipperParts extends CollectParts, ReportOutageParts {
  readonly storage: CollectParts['storage'] &
    ComposePostsParts['storage'] &
    ReportOutageParts['storage'] &
    Pick<Storage, 'note' | 'setNote' | 'recordAudit'>;
  readonly services: CollectParts['services'] & ComposePostsParts['services'] & ReportOutageParts['services'];
  readonly sign: ComposePostsParts['sign'];
  /** null: another process posts. */
  readonly fence: () => number | null;
}

/** A batch that is being posted, with what is still to be done. */
interface Pending {
  readonly batch: Batch;
  readonly posts: Post[];
  /** Channels that have just refused a post, which is still to be reported. */
  readonly refused: NewOutage[];
  readonly stored: string | null;
  /** Whether the channels were tried that take no posts and have no news. */
  isRetried: boolean;
}

/** One message per channel and tick stays well below Discord's limit of five messages in five seconds. */
const intervalMs = 3000;
/** Failures first: they are what staff wait for. */
const postingOrder: readonly LogChannel[] = ['failed', 'alerts', 'admin', 'valid'];
const start: Cursor = { attempt: 0, audit: 0, alert: 0, minute: 0 };

export function createLogShipper(parts: LogShipperParts): LogShipper {
  const { storage, clock } = parts;
  let pending: Pending | null = null;
  let outages: ChannelOutages | null = null;
  const dropped = new Map<string, number>();

  async function take(): Promise<Pending> {
    const stored = await storage.note(logCursorNote);
    // A new installation has nothing to catch up with, so counts begin with the current minute.
    const from = stored === null ? { ...start, minute: clock().getTime() - minuteMs } : (JSON.parse(stored) as Cursor);
    const batch = await collectBatch(parts, from);
    const posts: Post[] = [];
    for (const channel of postingOrder) {
      for (const [guildId, news] of batch.guilds) posts.push(...(await composePosts(parts, channel, guildId, news)));
    }
    for (const [guildId, news] of batch.guilds) {
      if (news.dropped > 0) dropped.set(guildId, (dropped.get(guildId) ?? 0) + news.dropped);
    }
    return { batch, posts, refused: [], stored, isRetried: false };
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
        [pending, outages] = [null, null];
        return undefined;
      }
      const lease = { lease: leaseName, number: fence };
      outages ??= await openChannelOutages(parts);
      pending ??= await take();
      const { batch, posts, refused, stored } = pending;
      while (posts[0]) {
        const outage = await sendPost(parts, outages, posts[0], nonceOf(posts[0], batch));
        if (outage) refused.push(outage);
        posts.shift();
      }
      if (!pending.isRetried) refused.push(...(await retryChannels(parts, outages)));
      pending.isRetried = true;
      while (refused[0]) {
        await reportOutage(parts, outages, refused[0]);
        refused.shift();
      }
      await outages.save(lease);
      const reached = JSON.stringify(batch.until);
      if (reached !== stored) await storage.setNote(logCursorNote, reached, lease);
      pending = null;
      // After a long pause, old posts come in many batches. They are reported as one event, after the last one.
      if ([...batch.guilds.values()].every((news) => news.dropped === 0)) await reportDropped();
      return undefined;
    },
  };
}

/** A batch that is repeated after a crash has the same nonce, so that Discord makes one message of both. */
function nonceOf({ channelId, reply }: Post, { from, until }: Batch): string {
  const text = JSON.stringify([channelId, from, until, reply.embeds?.[0]?.title]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 25);
}
