import { type Attempt, countedAddress } from '../../domain/attempt.ts';
import { effectiveLimits } from '../../domain/effective-limits.ts';
import { declaredAddress } from '../../domain/values/address.ts';
import { addDays, hourMs } from '../../domain/values/calendar.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { AddressPattern } from './license-view.ts';
import { maxBindings } from './reset-license.ts';

/** From so many addresses on a pattern is one. */
const minAddresses = 3;
/** Of grants and of refusals, each, so many are looked at. */
const maxAttempts = 100;
const maxAgeDays = 30;

/**
 * The pattern in attempts of a license; null: there is none. All of its clients send the same HWID, from many addresses
 * but never from two at a time, and the limit of IPs has refused it.
 *
 * An address that is used again within an hour, with another one of its kind in between, was in use at the same time as
 * that one. A machine may well use an IPv4 and an IPv6 address at the same time.
 */
export function addressPatternIn(attempts: readonly Attempt[]): AddressPattern | null {
  const uses = attempts
    .filter(({ result }) => result === 'granted' || result === 'ip-limit')
    .toSorted((a, b) => a.id - b.id);
  const hwid = uses[0]?.hwid ?? null;
  if (hwid === null || !uses.some(({ result }) => result === 'ip-limit')) return null;
  const lastUses = new Map<string, number>();
  const current = new Map<number | undefined, string>();
  for (const use of uses) {
    if (use.hwid !== hwid) return null;
    const address = countedAddress(use);
    const family = declaredAddress(address)?.family;
    const at = use.at.getTime();
    const lastUse = lastUses.get(address);
    if (lastUse !== undefined && current.get(family) !== address && at - lastUse < hourMs) return null;
    lastUses.set(address, at);
    current.set(family, address);
  }
  return lastUses.size < minAddresses ? null : { hwid, addresses: lastUses.size };
}

/**
 * The pattern of a license as its last attempts show it; null: there is none, or `limits.ipMode` `follow-hwid` would not
 * end it, because it is set already, a limit is missing or 0, or the HWID is not bound. Reads a bounded number of
 * attempts of the last 30 days.
 */
export async function findAddressPattern(
  storage: Pick<Storage, 'bundle' | 'license' | 'attempts' | 'bindings'>,
  guildId: string,
  licenseId: number,
  now: Date,
): Promise<AddressPattern | null> {
  const [bundle, license] = await Promise.all([storage.bundle(guildId), storage.license(guildId, { id: licenseId })]);
  const product = license && bundle?.products.byId(license.productId);
  if (!bundle || !product || bundle.settings['limits.ipMode'] === 'follow-hwid') return null;
  const { ip, hwid } = effectiveLimits(license, product, bundle.settings);
  if (!ip || !hwid) return null;
  const since = addDays(now, -maxAgeDays);
  const newest = (result: 'granted' | 'ip-limit') =>
    storage.attempts(guildId, { licenseId, result, since, quiet: true }, { limit: maxAttempts, beforeId: null });
  const denied = await newest('ip-limit');
  const pattern = denied.length === 0 ? null : addressPatternIn([...denied, ...(await newest('granted'))]);
  if (pattern === null) return null;
  const { bindings } = await storage.bindings(guildId, licenseId, maxBindings);
  return bindings.some(({ kind, value }) => kind === 'hwid' && value === pattern.hwid) ? pattern : null;
}
