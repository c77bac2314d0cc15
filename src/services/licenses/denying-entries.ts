import type { Attempt } from '../../domain/attempt.ts';
import { type BlacklistEntry, type BlacklistType, ipMatches } from '../../domain/blacklist/blacklist.ts';
import type { License } from '../../domain/license.ts';
import { foldText } from '../../domain/values/text.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { DenyingEntry, LicenseView } from './license-view.ts';

/** Where a license was last used. */
type LastUse = Pick<Attempt, 'declaredIp' | 'observedIp' | 'hwid' | 'country'>;

/** The entry in force for the first of these matches that has one; null: none has. */
export async function findDenyingEntry(
  storage: Storage,
  guildId: string,
  type: BlacklistType,
  matches: readonly string[],
  now: Date,
): Promise<BlacklistEntry | null> {
  return firstOf(matches, byMatch(await storage.denyingEntries(guildId, type, matches, now)));
}

/** The entry in force that would still deny what a blacklist entry denied; null: none would, or it was no such denial. */
export async function findEntryBehind(
  storage: Storage,
  attempt: LastUse & Pick<Attempt, 'result'>,
  license: License,
  now: Date,
): Promise<BlacklistEntry | null> {
  const find = (type: BlacklistType, matches: readonly string[]) =>
    findDenyingEntry(storage, license.guildId, type, matches, now);
  const { declaredIp, observedIp, hwid, country } = attempt;
  switch (attempt.result) {
    case 'ip-blacklisted':
      return find('ip', ipMatches([declaredIp ?? observedIp, observedIp]));
    case 'hwid-blacklisted':
      return find('hwid', [foldText(hwid ?? '')]);
    case 'country-blacklisted':
      return find('country', [country ?? '']);
    case 'user-blacklisted':
      return find('user', [license.ownerId ?? '']);
    case 'key-blacklisted':
      return findKeyEntry(storage, license, now);
    default:
      return null;
  }
}

/**
 * The blacklist entries in force that deny checks of a license, once each: first those for its owner and key, which
 * deny every check, then those for the country, addresses and HWIDs that it is known to be used from.
 */
export async function findDenyingEntries(
  storage: Storage,
  { view, lastUse, now }: FactsOfUse,
): Promise<readonly DenyingEntry[]> {
  const { license, bindings } = view;
  const bound = (kind: 'ip' | 'hwid') => bindings.filter((one) => one.kind === kind).map(({ value }) => value);
  const used = lastUse
    ? { ips: [lastUse.observedIp, lastUse.declaredIp], hwids: [lastUse.hwid] }
    : { ips: [], hwids: [] };
  const ips = [...used.ips, ...bound('ip')].filter((ip) => ip !== null);
  const hwids = [...used.hwids, ...bound('hwid')].filter((hwid) => hwid !== null);
  const country = lastUse?.country ?? null;

  /** The entry for each value that has one. All values are asked about at once. */
  async function entriesFor(type: BlacklistType, values: readonly string[], matchesOf: (value: string) => Matches) {
    const asked = values.map((value) => ({ value, matches: matchesOf(value) }));
    const matches = new Set(asked.flatMap((one) => one.matches));
    if (matches.size === 0) return [];
    const found = byMatch(await storage.denyingEntries(license.guildId, type, [...matches], now));
    return asked.map((one) => ({ entry: firstOf(one.matches, found), value: one.value }));
  }

  const owner =
    license.ownerId === null ? null : await findDenyingEntry(storage, license.guildId, 'user', [license.ownerId], now);
  const found: readonly { readonly entry: BlacklistEntry | null; readonly value: string | null }[] = [
    { entry: owner, value: null },
    { entry: await findKeyEntry(storage, license, now), value: null },
    ...(await entriesFor('country', country === null ? [] : [country], (value) => [value])),
    ...(await entriesFor('ip', ips, (ip) => ipMatches([ip]))),
    ...(await entriesFor('hwid', hwids, (hwid) => [foldText(hwid)])),
  ];
  const byId = new Map<number, DenyingEntry>();
  for (const { entry, value } of found) if (entry && !byId.has(entry.id)) byId.set(entry.id, { entry, value });
  return [...byId.values()];
}

interface FactsOfUse {
  readonly view: Pick<LicenseView, 'license' | 'bindings'>;
  /** null: nothing has checked the license yet. */
  readonly lastUse: LastUse | null;
  readonly now: Date;
}

type Matches = readonly string[];

function byMatch(entries: readonly BlacklistEntry[]): ReadonlyMap<string, BlacklistEntry> {
  return new Map(entries.map((entry) => [entry.match, entry]));
}

function firstOf(matches: Matches, found: ReadonlyMap<string, BlacklistEntry>): BlacklistEntry | null {
  const first = matches.find((match) => found.has(match));
  return first === undefined ? null : (found.get(first) ?? null);
}

/** Only the store can look up the entry for a key. */
async function findKeyEntry(storage: Storage, { guildId, id }: License, now: Date): Promise<BlacklistEntry | null> {
  const key = await storage.licenseKey(guildId, id);
  const entry = key === null ? null : await storage.blacklistEntry(guildId, { type: 'key', key });
  return entry && (entry.expiresAt === null || entry.expiresAt > now) ? entry : null;
}
