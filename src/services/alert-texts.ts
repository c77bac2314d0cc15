import { dayMs, minuteMs } from '../domain/values/calendar.ts';
import type { ClockDoubt } from '../domain/clock-doubt.ts';
import type { DiskSpace } from '../domain/values/disk-space.ts';
import { maskKey } from '../domain/values/key-format.ts';
import { cutText } from '../domain/values/text.ts';

/*
 * An alert is stored with its text, since staff read it after the attempts that caused it may be deleted. These are the
 * texts of all alerts that services raise.
 */

const days = (ms: number) => `${Math.round(ms / dayMs)} days`;

/** `15 minutes`, `2.5 hours`, `200 days`: of a jump, which is longer than 5 minutes. */
function describeJump(ms: number): string {
  const minutes = Math.round(ms / minuteMs);
  if (minutes < 120) return `${minutes} minutes`;
  return ms < 2 * dayMs ? `${Number((minutes / 60).toFixed(1))} hours` : days(ms);
}

/** What cannot be undone waits meanwhile, so it says for how long. */
export function describeClockDoubt({ direction, now, entryAt }: ClockDoubt): string {
  const here = `The clock says ${now.toUTCString()}, but the newest entry`;
  const waits = 'ends of licenses are not processed and nothing is deleted for good';
  return direction === 'behind'
    ? `${here} is from ${entryAt.toUTCString()}. Set it (NTP). For an hour at most, ${waits}.`
    : `${here} is ${days(now.getTime() - entryAt.getTime())} old. If it is wrong, set it (NTP) within an hour; until then ${waits}.`;
}

export function describeClockJump(ms: number, now: Date): string {
  const direction = ms > 0 ? 'ahead' : 'back';
  return `The clock jumped ${direction} by ${describeJump(Math.abs(ms))}, to ${now.toUTCString()}. Keep it right (NTP): licenses expire by it.`;
}

/** A license as alerts name it: its id and its key's suffix. */
function licenseName(licenseId: number, keySuffix: string | null): string {
  return `License ${licenseId} (${maskKey(keySuffix ?? '')})`;
}

export function describeManyIps(licenseId: number, keySuffix: string | null, count: number): string {
  return `${licenseName(licenseId, keySuffix)} was tried from ${count} or more unknown addresses within an hour.`;
}

export function describeManyDeclaredIps(observedIp: string, count: number): string {
  return (
    `${observedIp} declared ${count} or more different IPs to SunLicense checks within an hour. ` +
    'Where sunlicense.acceptDeclaredIp is off, limits count the address that is observed.'
  );
}

export function describeDeniedMachines(licenseId: number, keySuffix: string | null, count: number): string {
  return `${licenseName(licenseId, keySuffix)} refused ${count} or more different new machines within a day.`;
}

export function describeAddressPattern(licenseId: number, keySuffix: string | null, addresses: number): string {
  return (
    `${licenseName(licenseId, keySuffix)} is used by one HWID from ${addresses} addresses, never from two at a time, and ` +
    'its limit of IPs refuses the newest. With limits.ipMode follow-hwid a known HWID may change its address.'
  );
}

export function describeDenialSpike(count: number, minutes: number): string {
  return `${count} checks were refused within ${minutes} minutes, far more than in the hour before.`;
}

export function describeSharedHwid(hwid: string): string {
  return `HWID ${hwid} is used with licenses of three or more owners.`;
}

export function describePlaceholderHwid(hwid: string, licenseId: number, keySuffix: string | null): string {
  const license = licenseName(licenseId, keySuffix);
  return (
    `${license} is used with the HWID “${cutText(hwid, 80)}”, which identifies no machine: any number of machines send ` +
    'it, and all of them share one slot. The program should send another id of the machine. Where hwid.placeholders is ' +
    'refuse, such checks are refused as if they had no HWID.'
  );
}

/** `event` says what became of the member: `left the server`. */
export function describeMemberGone(userId: string, event: string, licenseIds: readonly number[]): string {
  const licenses = licenseIds.length === 1 ? '1 license' : `${licenseIds.length} licenses`;
  return `User ${userId}, who ${event}, owns ${licenses}: ${licenseIds.map((id) => `#${id}`).join(', ')}.`;
}

export function describeMemberReturned(userId: string, licenseIds: readonly number[]): string {
  const names = licenseIds.map((id) => `license ${id}`).join(', ');
  return `User ${userId} is back. What was suspended when they left can be resumed below: ${names}.`;
}

export function describeStoppedReconciliation(taken: number, granted: number): string {
  const which = granted === 1 ? 'the only role' : `${taken} of the ${granted} roles`;
  return (
    `The nightly run would take ${which} that the bot gave, so it has ` +
    'stopped and changed nothing. If that is right, run “latchkey roles --yes”; if not, look at the role settings ' +
    'and at which licenses have ended.'
  );
}

export function describeDiskSpace(space: Exclude<DiskSpace, 'enough'>, freeBytes: number): string {
  const free = `Only ${(freeBytes / 1e9).toFixed(1)} GB are free on the disk of the store.`;
  return space === 'full'
    ? `${free} Make room now: once it is full, no check can be answered.`
    : `${free} Make room before the store and its backups fill it.`;
}
