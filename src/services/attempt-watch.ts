import { LRUCache } from 'lru-cache';
import type { Attempt } from '../domain/attempt.ts';
import { maskKey } from '../domain/key-format.ts';
import type { NewAlert } from '../storage/port/alerts.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const manyIps = 10;
const refusedMachines = 3;
/** A spike: at least so many failures in 5 minutes, and so many times what the hour before had in 5 minutes. */
const spike = { failures: 50, times: 5, recentMinutes: 5, beforeMinutes: 60 };

/** Licenses and guilds that are watched at once; who falls out starts anew. */
const maxSubjects = 10_000;

/**
 * Sees attempts in the order of their times and names what looks wrong. It knows only what it was shown since the
 * process started, in bounded memory.
 */
export function createAttemptWatch(): (attempt: Attempt) => readonly NewAlert[] {
  const declaredIps = createDistinctWindow(hourMs, manyIps);
  const strangeIps = createDistinctWindow(hourMs, manyIps);
  const newMachines = createDistinctWindow(dayMs, refusedMachines);
  const failures = new LRUCache<string, Map<number, number>>({ max: maxSubjects });

  /** A key that leaked shows as machines that the license did not know: bound machines, however many, do not count. */
  function keyFromManyIps({ licenseId, result, newBindings, observedIp, keySuffix, at }: Attempt): NewAlert | null {
    if (licenseId === null || (result === 'granted' && newBindings.length === 0)) return null;
    if (!strangeIps(String(licenseId), observedIp, at)) return null;
    const text = `License ${licenseId} (${maskKey(keySuffix ?? '')}) was tried from ${manyIps} or more unknown addresses within an hour.`;
    return { kind: 'many-ips', subject: `license:${licenseId}`, text };
  }

  /** SunLicense's clients may say which IP limits count: who says many takes slots that are not his, or shares a key. */
  function manyDeclaredIps({ protocol, guildId, observedIp, declaredIp, at }: Attempt): NewAlert | null {
    if (protocol !== 'sunlicense' || declaredIp === null) return null;
    if (!declaredIps(`${guildId} ${observedIp}`, declaredIp, at)) return null;
    const text = `${observedIp} declared ${manyIps} or more different IPs to SunLicense checks within an hour. Where sunlicense.acceptDeclaredIp is off, limits count the address that is observed.`;
    return { kind: 'many-declared-ips', subject: `ip:${observedIp}`, text };
  }

  function machinesRefused(attempt: Attempt): NewAlert | null {
    const { licenseId, result, keySuffix } = attempt;
    const machine = {
      'ip-limit': attempt.declaredIp ?? attempt.observedIp,
      'hwid-limit': attempt.hwid,
      'mac-limit': attempt.mac,
    }[result as string];
    if (licenseId === null || !machine || !newMachines(String(licenseId), machine, attempt.at)) return null;
    const text = `License ${licenseId} (${maskKey(keySuffix ?? '')}) refused ${refusedMachines} or more different new machines within a day.`;
    return { kind: 'machines-refused', subject: `license:${licenseId}`, text };
  }

  function failureSpike({ guildId, result, at }: Attempt): NewAlert | null {
    if (result === 'granted') return null;
    const minutes = failures.get(guildId) ?? new Map<number, number>();
    failures.set(guildId, minutes);
    const minute = Math.floor(at.getTime() / minuteMs);
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    const oldest = minute - spike.recentMinutes - spike.beforeMinutes;
    for (const past of minutes.keys()) if (past <= oldest) minutes.delete(past);
    const counted = [...minutes].map(([past, count]) => ({ isRecent: past > minute - spike.recentMinutes, count }));
    const sum = (isRecent: boolean) =>
      counted.filter((each) => each.isRecent === isRecent).reduce((total, { count }) => total + count, 0);
    const usual = (sum(false) * spike.recentMinutes) / spike.beforeMinutes;
    if (sum(true) < Math.max(spike.failures, spike.times * usual)) return null;
    const text = `${sum(true)} checks were refused within ${spike.recentMinutes} minutes, far more than in the hour before.`;
    return { kind: 'failure-spike', subject: 'guild', text };
  }

  return (attempt) =>
    [keyFromManyIps(attempt), manyDeclaredIps(attempt), machinesRefused(attempt), failureSpike(attempt)].filter(
      (alert) => alert !== null,
    );
}

/** Says when a subject has had so many distinct values within the window; remembers no more than those. */
function createDistinctWindow(windowMs: number, enough: number) {
  const seen = new LRUCache<string, Map<string, number>>({ max: maxSubjects });
  return (subject: string, value: string, at: Date): boolean => {
    const values = seen.get(subject) ?? new Map<string, number>();
    seen.set(subject, values);
    for (const [old, lastAt] of values) if (lastAt <= at.getTime() - windowMs) values.delete(old);
    values.delete(value);
    values.set(value, at.getTime());
    const [oldest] = values.keys();
    if (values.size > enough && oldest !== undefined) values.delete(oldest);
    return values.size >= enough;
  };
}
