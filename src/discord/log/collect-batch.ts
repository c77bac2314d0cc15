import type { Attempt } from '../../domain/attempt.ts';
import type { Alert } from '../../domain/audit.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { dayMs, hourMs, isFromWrongClock, minuteMs } from '../../domain/values/calendar.ts';
import type { Services } from '../../services/services.ts';
import type { Storage } from '../../storage/port/storage.ts';
import {
  addAttempt,
  addAuditEvent,
  addCount,
  type AuditDigest,
  createAuditDigest,
  createDigest,
  type Digest,
  maxLines,
} from './digest.ts';

/** The position up to which everything was posted or left out. */
export interface Cursor {
  readonly attempt: number;
  readonly audit: number;
  readonly alert: number;
  /** The start of the last minute whose attempt counts were posted, in ms; under load attempts are only counted. */
  readonly minute: number;
}

/** What is posted into the channels of one guild next. */
export interface GuildNews {
  readonly valid: Digest;
  readonly failed: Digest;
  readonly audit: AuditDigest;
  readonly alerts: { total: number; readonly first: Alert[] };
  /** How many records are over a day old, and so are not posted. */
  dropped: number;
}

export interface Batch {
  readonly from: Cursor;
  readonly until: Cursor;
  readonly guilds: ReadonlyMap<string, GuildNews>;
}

export interface CollectParts {
  readonly storage: Pick<
    Storage,
    'attemptsAfter' | 'auditAfter' | 'alertsAfter' | 'attemptCounts' | 'guilds' | 'bundle'
  >;
  readonly services: { readonly alerts: Pick<Services['alerts'], 'watch'> };
  readonly clock: () => Date;
}

/** Reading a page holds the event loop of a process that answers checks as well: 2 ms for 250 attempts, 7 for 1,000. */
const pageSize = 250;
/** A batch is bounded; further records come with the next one, some seconds later. */
const maxPages = 80;
const tooOldMs = dayMs;
/** The counts of a minute are final this long after it ended. */
const countsFinalMs = 5000;

/** Reads everything after the cursor. Each record is in the batch as a line, or at least in a count. */
export async function collectBatch(parts: CollectParts, from: Cursor): Promise<Batch> {
  const { storage, services, clock } = parts;
  const now = clock().getTime();
  const guilds = new Map<string, GuildNews>();
  const bundles = new Map<string, Settings | null>();

  async function settingsOf(guildId: string): Promise<Settings | null> {
    let settings = bundles.get(guildId);
    if (settings === undefined) {
      settings = (await storage.bundle(guildId))?.settings ?? null;
      bundles.set(guildId, settings);
    }
    return settings;
  }
  function newsOf(guildId: string): GuildNews {
    let news = guilds.get(guildId);
    if (!news) {
      const audit = createAuditDigest();
      news = { valid: createDigest(), failed: createDigest(), audit, alerts: { total: 0, first: [] }, dropped: 0 };
      guilds.set(guildId, news);
    }
    return news;
  }
  /** Whether a record is young enough to be posted; otherwise counts it as dropped. */
  function isYoung(guildId: string, at: Date): boolean {
    if (now - at.getTime() <= tooOldMs) return true;
    newsOf(guildId).dropped += 1;
    return false;
  }

  const attempt = await readOn(
    from.attempt,
    (id, limit) => storage.attemptsAfter(id, limit),
    async (attempts) => {
      await services.alerts.watch(attempts);
      for (const one of attempts) {
        const channel = channelOf(one, await settingsOf(one.guildId));
        if (channel !== null && isYoung(one.guildId, one.at)) addAttempt(newsOf(one.guildId)[channel], one);
      }
    },
  );
  const audit = await readOn(
    from.audit,
    (id, limit) => storage.auditAfter(id, limit),
    async (events) => {
      for (const event of events) {
        const settings = await settingsOf(event.guildId);
        if (!settings?.['channels.admin'] || !isYoung(event.guildId, event.at)) continue;
        addAuditEvent(newsOf(event.guildId).audit, event);
      }
    },
  );
  const alert = await readOn(
    from.alert,
    (id, limit) => storage.alertsAfter(id, limit),
    async (alerts) => {
      for (const one of alerts) {
        const settings = await settingsOf(one.guildId);
        if (!settings?.['channels.alerts'] || !isYoung(one.guildId, one.at)) continue;
        const news = newsOf(one.guildId).alerts;
        news.total += 1;
        if (news.first.length < maxLines) news.first.push(one);
      }
    },
  );

  // The cursor of a clock that was ahead would hold the counts back until the clock reaches it.
  const minute = Math.floor((now - countsFinalMs) / minuteMs) * minuteMs - minuteMs;
  const postedMinute = isFromWrongClock(from.minute, hourMs, now) ? minute - minuteMs : from.minute;
  if (minute > postedMinute) {
    for (const { id } of await storage.guilds()) {
      if (!(await settingsOf(id))?.['channels.failed']) continue;
      const since = new Date(Math.max(postedMinute + minuteMs, now - tooOldMs));
      const counts = await storage.attemptCounts(id, since);
      const whole = counts.filter((one) => one.minute.getTime() <= minute);
      for (const { result, count } of whole) addCount(newsOf(id).failed, result, count);
    }
  }
  return { from, until: { attempt, audit, alert, minute: Math.max(minute, postedMinute) }, guilds };
}

/** null: no channel gets it. */
function channelOf(attempt: Attempt, settings: Settings | null): 'valid' | 'failed' | null {
  if (!settings || attempt.quiet) return null;
  if (attempt.result !== 'granted') return settings['channels.failed'] === null ? null : 'failed';
  const mode = settings['channels.validMode'];
  const isWanted = mode === 'all' || (mode === 'new-machines' && attempt.newBindings.length > 0);
  return isWanted && settings['channels.valid'] !== null ? 'valid' : null;
}

/** Reads the records after an id page by page; returns the id of the last one. */
async function readOn<T extends { readonly id: number }>(
  after: number,
  read: (id: number, limit: number) => Promise<readonly T[]>,
  take: (rows: readonly T[]) => Promise<void>,
): Promise<number> {
  let last = after;
  for (let page = 0; page < maxPages; page += 1) {
    const rows = await read(last, pageSize);
    if (rows.length > 0) await take(rows);
    last = rows.at(-1)?.id ?? last;
    if (rows.length < pageSize) break;
  }
  return last;
}
