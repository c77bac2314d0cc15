import type { ClockDoubt } from '../domain/clock-doubt.ts';
import { clockNote } from '../domain/notes.ts';
import { dayMs, hourMs, minuteMs } from '../domain/values/calendar.ts';
import type { NewestEntry } from '../storage/port/inspection.ts';
import { describeClockDoubt, describeClockJump } from './alert-texts.ts';
import type { AlertService } from './alerts.ts';
import type { ServiceContext } from './context.ts';

export interface ClockService {
  /**
   * Compares the clock with the store; null: it can be believed. A doubt ends when the clock is set right, when an entry
   * of the right time is stored, or an hour after it arose: a server that was off for months is right about the time.
   */
  doubt(): Promise<ClockDoubt | null>;
  /** Now, or while the clock seems to be ahead, the time as far as it can be believed. */
  believedNow(): Promise<Date>;
  /**
   * Looks at the clock, raises an alert when it has jumped or a doubt arises, and remembers the time while it can be
   * believed. It is called before anything else at a start, and then once a minute. Returns sentences for the log.
   */
  watch(): Promise<readonly string[]>;
}

const maxBehindMs = 5 * minuteMs;
const maxAheadMs = 30 * dayMs;
const doubtMs = hourMs;
/** For how long a clock that was found right is not compared again, unless it is set. */
const recheckMs = 30_000;

/** The time that a clock has gone forward, for clocks that may be set back. */
function forwardTime(clock: () => Date): () => number {
  let [last, passed] = [clock().getTime(), 0];
  return () => {
    const now = clock().getTime();
    passed += Math.max(0, now - last);
    last = now;
    return passed;
  };
}

export function createClockService(
  { storage, clock, elapsedMs = forwardTime(clock) }: ServiceContext,
  alerts: Pick<AlertService, 'raiseEverywhere'>,
): ClockService {
  const startedAt = elapsedMs();
  /** The remembered time, in ms, and since when this process knows it. */
  let remembered: { readonly at: number | null; readonly since: number } | null = null;
  /** The newest entries when one was found in the future; `isOver`: it is known by now that the clock was ahead then. */
  let contradiction: { readonly ids: ReadonlySet<string>; readonly since: number; isOver: boolean } | null = null;
  let foundRight: Look | null = null;
  let lastLook: Look | null = null;
  let wasDoubted = false;

  interface Look {
    readonly now: Date;
    readonly elapsed: number;
  }
  const look = (): Look => ({ now: clock(), elapsed: elapsedMs() });
  /** By how much the clock was set between two looks, in ms. */
  const jumpBetween = (a: Look, b: Look) => b.now.getTime() - a.now.getTime() - (b.elapsed - a.elapsed);

  function isContradicted(entries: readonly NewestEntry[], { now, elapsed }: Look): boolean {
    const future = entries.filter((entry) => isFuture(entry, now));
    if (future.length === 0) contradiction = null;
    const isNew = (entry: NewestEntry) => !contradiction?.ids.has(nameOf(entry));
    if (future.some(isNew)) contradiction = { ids: new Set(entries.map(nameOf)), since: elapsed, isOver: false };
    else if (contradiction && (entries.some(isNew) || elapsed - contradiction.since >= doubtMs)) {
      contradiction.isOver = true;
    }
    return contradiction !== null && !contradiction.isOver;
  }

  async function judge({ now, elapsed }: Look): Promise<ClockDoubt | null> {
    const text = await storage.note(clockNote);
    const at = text === null ? null : Date.parse(text);
    if (remembered?.at !== at) remembered = { at, since: remembered === null ? startedAt : elapsed };
    // Another process, or this one before, believed in about the same time a moment ago.
    if (at !== null && Math.abs(now.getTime() - at) <= maxBehindMs) return null;
    const entries = await storage.newestEntries();
    if (isContradicted(entries, { now, elapsed })) {
      const entryAt = newestOf(entries.filter((entry) => isFuture(entry, now)));
      return { direction: 'behind', now, entryAt: new Date(entryAt), believed: now };
    }
    const entryAt = at ?? newestOf(entries.filter((entry) => !isFuture(entry, now)));
    const knownMs = elapsed - (at === null ? startedAt : remembered.since);
    const isAhead = now.getTime() - entryAt > maxAheadMs + knownMs && entryAt > 0 && knownMs < doubtMs;
    return isAhead
      ? { direction: 'ahead', now, entryAt: new Date(entryAt), believed: new Date(entryAt + knownMs) }
      : null;
  }

  async function doubt(): Promise<ClockDoubt | null> {
    const here = look();
    const isFresh = foundRight !== null && here.elapsed - foundRight.elapsed < recheckMs;
    if (isFresh && foundRight && Math.abs(jumpBetween(foundRight, here)) < minuteMs) return null;
    const found = await judge(here);
    foundRight = found === null ? here : null;
    return found;
  }

  return {
    doubt,

    believedNow: async () => (await doubt())?.believed ?? clock(),

    async watch() {
      const here = look();
      const jumpMs = lastLook === null ? 0 : jumpBetween(lastLook, here);
      lastLook = here;
      const found = await judge(here);
      foundRight = found === null ? here : null;
      const texts: string[] = [];
      if (found !== null && !wasDoubted) texts.push(describeClockDoubt(found));
      else if (Math.abs(jumpMs) > maxBehindMs) texts.push(describeClockJump(jumpMs, here.now));
      wasDoubted = found !== null;
      // While the clock is doubted the remembered time stays, so that a restart does not forget the doubt. A store without
      // one gets that of its newest entry, since entries of the wrong time would soon hide it.
      const isUnremembered = found?.direction === 'ahead' && remembered?.at === null;
      const right = found === null ? here.now : isUnremembered ? found.entryAt : null;
      if (right !== null) await storage.setNote(clockNote, right.toISOString(), null);
      if (found === null) remembered = { at: here.now.getTime(), since: here.elapsed };
      for (const text of texts) await alerts.raiseEverywhere({ kind: 'clock', subject: 'clock', text });
      return texts;
    },
  };
}

function isFuture({ at }: NewestEntry, now: Date): boolean {
  return at.getTime() - now.getTime() > maxBehindMs;
}

function newestOf(entries: readonly NewestEntry[]): number {
  return Math.max(0, ...entries.map(({ at }) => at.getTime()));
}

function nameOf({ kind, id }: NewestEntry): string {
  return `${kind} ${id}`;
}
