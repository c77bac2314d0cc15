import { maskKey } from '../domain/values/key-format.ts';

/*
 * An alert is stored with its text, since staff read it after the attempts that caused it may be deleted. These are the
 * texts of all alerts that services raise.
 */

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

export function describeDenialSpike(count: number, minutes: number): string {
  return `${count} checks were refused within ${minutes} minutes, far more than in the hour before.`;
}

export function describeSharedHwid(hwid: string): string {
  return `HWID ${hwid} is used with licenses of three or more owners.`;
}

/** `event` says what became of the member: `left the server`. */
export function describeMemberGone(userId: string, event: string, licenseIds: readonly number[]): string {
  const licenses = licenseIds.length === 1 ? '1 license' : `${licenseIds.length} licenses`;
  return `User ${userId}, who ${event}, owns ${licenses}: ${licenseIds.map((id) => `#${id}`).join(', ')}.`;
}

export function describeStoppedReconciliation(taken: number, granted: number): string {
  const which = granted === 1 ? 'the only role' : `${taken} of the ${granted} roles`;
  return (
    `The nightly run would take ${which} that the bot gave, so it has ` +
    'stopped and changed nothing. If that is right, run “latchkey roles --yes”; if not, look at the role settings ' +
    'and at which licenses have ended.'
  );
}
