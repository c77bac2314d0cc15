import { type Attempt, countedAddress } from '../domain/attempt.ts';
import { dayMs, hourMs, isFromWrongClock, minuteMs } from '../domain/values/calendar.ts';
import type { NewAlert } from '../storage/port/alerts.ts';
import {
  describeDeniedMachines,
  describeDenialSpike,
  describeManyDeclaredIps,
  describeManyIps,
} from './alert-texts.ts';
import { createRecentMap } from './recent-map.ts';

/** So many different addresses within an hour raise an alert. */
const manyIps = 10;
/** So many different machines that a license denies within a day raise an alert. */
const manyDeniedMachines = 3;
/** A spike of denials: at least so many in 5 minutes, and so many times the 5-minute average of the hour before. */
const spike = { denials: 50, timesUsual: 5, recentMinutes: 5, beforeMinutes: 60 };

/**
 * Licenses and guilds that are watched at once. The longest unused one is forgotten, and is counted from zero again.
 */
const maxSubjects = 10_000;

/**
 * Returns a function that takes attempts in the order of their times and returns an alert for each suspicious pattern.
 * It knows only the attempts that it got since the process started, in bounded memory.
 */
export function createAttemptWatch(): (attempt: Attempt) => readonly NewAlert[] {
  const hasManyDeclaredIps = createDistinctWindow(hourMs, manyIps);
  const hasManyUnknownIps = createDistinctWindow(hourMs, manyIps);
  const hasManyDeniedMachines = createDistinctWindow(dayMs, manyDeniedMachines);
  const denialsByMinute = createRecentMap<Map<number, number>>(maxSubjects);

  /** A leaked key is tried on machines that its license does not know. Bound machines do not count, however many. */
  function findLeakedKey({ licenseId, result, newBindings, observedIp, keySuffix, at }: Attempt): NewAlert | null {
    if (licenseId === null || (result === 'granted' && newBindings.length === 0)) return null;
    if (!hasManyUnknownIps(String(licenseId), observedIp, at)) return null;
    const text = describeManyIps(licenseId, keySuffix, manyIps);
    return { kind: 'many-ips', subject: `license:${licenseId}`, text };
  }

  /**
   * SunLicense clients may declare the IP that limits count. An address that declares many IPs takes slots that belong
   * to other machines, or shares a key. Where limits count the observed address, it takes none by that.
   */
  function findManyDeclaredIps({ protocol, guildId, observedIp, declaredIp, countedIp, at }: Attempt): NewAlert | null {
    if (protocol !== 'sunlicense' || declaredIp === null || countedIp === 'observed') return null;
    if (!hasManyDeclaredIps(`${guildId} ${observedIp}`, declaredIp, at)) return null;
    const text = describeManyDeclaredIps(observedIp, manyIps);
    return { kind: 'many-declared-ips', subject: `ip:${observedIp}`, text };
  }

  function findDeniedMachines(attempt: Attempt): NewAlert | null {
    const { licenseId, keySuffix, at } = attempt;
    const machine = deniedMachine(attempt);
    if (licenseId === null || !machine || !hasManyDeniedMachines(String(licenseId), machine, at)) return null;
    const text = describeDeniedMachines(licenseId, keySuffix, manyDeniedMachines);
    return { kind: 'machines-refused', subject: `license:${licenseId}`, text };
  }

  function findDenialSpike({ guildId, result, at }: Attempt): NewAlert | null {
    if (result === 'granted') return null;
    const minutes = denialsByMinute.get(guildId) ?? new Map<number, number>();
    denialsByMinute.set(guildId, minutes);
    const minute = Math.floor(at.getTime() / minuteMs);
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    const oldest = minute - spike.recentMinutes - spike.beforeMinutes;
    for (const past of minutes.keys()) if (past <= oldest || past > minute + spike.recentMinutes) minutes.delete(past);
    const counted = [...minutes].map(([past, count]) => ({ isRecent: past > minute - spike.recentMinutes, count }));
    const sum = (isRecent: boolean) =>
      counted.filter((each) => each.isRecent === isRecent).reduce((total, { count }) => total + count, 0);
    const usual = (sum(false) * spike.recentMinutes) / spike.beforeMinutes;
    if (sum(true) < Math.max(spike.denials, spike.timesUsual * usual)) return null;
    const text = describeDenialSpike(sum(true), spike.recentMinutes);
    return { kind: 'failure-spike', subject: 'guild', text };
  }

  return (attempt) =>
    [
      findLeakedKey(attempt),
      findManyDeclaredIps(attempt),
      findDeniedMachines(attempt),
      findDenialSpike(attempt),
    ].filter((alert) => alert !== null);
}

/** The value that a full limit denied; null: the attempt had another outcome, or did not send it. */
function deniedMachine(attempt: Attempt): string | null {
  if (attempt.result === 'ip-limit') return countedAddress(attempt);
  if (attempt.result === 'hwid-limit') return attempt.hwid;
  return attempt.result === 'mac-limit' ? attempt.mac : null;
}

/**
 * Returns a predicate that adds a value to its subject and says whether the subject has had `enough` distinct values
 * within the window. It remembers no more values than that.
 */
function createDistinctWindow(windowMs: number, enough: number) {
  const lastAtBySubject = createRecentMap<Map<string, number>>(maxSubjects);
  return (subject: string, value: string, at: Date): boolean => {
    const lastAtByValue = lastAtBySubject.get(subject) ?? new Map<string, number>();
    lastAtBySubject.set(subject, lastAtByValue);
    const isCounted = (lastAt: number) => lastAt > at.getTime() - windowMs && !isFromWrongClock(lastAt, windowMs, at);
    for (const [old, lastAt] of lastAtByValue) if (!isCounted(lastAt)) lastAtByValue.delete(old);
    lastAtByValue.delete(value);
    lastAtByValue.set(value, at.getTime());
    const [oldest] = lastAtByValue.keys();
    if (lastAtByValue.size > enough && oldest !== undefined) lastAtByValue.delete(oldest);
    return lastAtByValue.size >= enough;
  };
}
