import type { Attempt } from '../../domain/attempt.ts';
import type { BlacklistEntry } from '../../domain/blacklist.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import { foldText } from '../../domain/values/text.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { DenyingEntry, LicenseView } from './license-view.ts';

/** Where a license was last used. */
type LastUse = Pick<Attempt, 'declaredIp' | 'observedIp' | 'hwid' | 'country'>;

/**
 * The blacklist entries in force that deny checks of a license, once each: first those for its owner and key, which
 * deny every check, then those for the country, addresses and HWIDs that it is known to be used from.
 */
export async function findDenyingEntries(
  storage: Storage,
  { bundle, view, lastUse, now }: FactsOfUse,
): Promise<readonly DenyingEntry[]> {
  const { blacklist } = bundle;
  const { license, bindings } = view;
  const bound = (kind: 'ip' | 'hwid') => bindings.filter((one) => one.kind === kind).map(({ value }) => value);
  const used = lastUse
    ? { ips: [lastUse.observedIp, lastUse.declaredIp], hwids: [lastUse.hwid] }
    : { ips: [], hwids: [] };
  const ips = [...used.ips, ...bound('ip')].filter((ip) => ip !== null);
  const hwids = [...used.hwids, ...bound('hwid')].filter((hwid) => hwid !== null);
  const country = lastUse?.country ?? null;
  const found: readonly (readonly [BlacklistEntry | null, string | null])[] = [
    [license.ownerId === null ? null : blacklist.find('user', license.ownerId, now), null],
    [await keyEntry(storage, view, now), null],
    [country === null ? null : blacklist.find('country', country, now), country],
    ...ips.map((ip) => [blacklist.findIp([ip], now), ip] as const),
    ...hwids.map((hwid) => [blacklist.find('hwid', foldText(hwid), now), hwid] as const),
  ];
  const byId = new Map<number, DenyingEntry>();
  for (const [entry, value] of found) if (entry && !byId.has(entry.id)) byId.set(entry.id, { entry, value });
  return [...byId.values()];
}

interface FactsOfUse {
  readonly bundle: Bundle;
  readonly view: Pick<LicenseView, 'license' | 'bindings'>;
  /** null: nothing has checked the license yet. */
  readonly lastUse: LastUse | null;
  readonly now: Date;
}

/** Only the store can look up the entry for a key. */
async function keyEntry(storage: Storage, { license }: FactsOfUse['view'], now: Date): Promise<BlacklistEntry | null> {
  const key = await storage.licenseKey(license.guildId, license.id);
  const entry = key === null ? null : await storage.blacklistEntry(license.guildId, { type: 'key', key });
  return entry && (entry.expiresAt === null || entry.expiresAt > now) ? entry : null;
}
