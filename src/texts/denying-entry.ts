import type { BlacklistEntry, BlacklistType } from '../domain/blacklist/blacklist.ts';

/** What kind of thing an entry is about, as it stands before its value. */
export const blacklistTypeNames: Readonly<Record<BlacklistType, string>> = {
  ip: 'IP',
  hwid: 'HWID',
  key: 'key',
  user: 'user',
  country: 'country',
};

/**
 * What a blacklist entry does to a license, for staff. `value` is what the license is used from; null: the entry is for
 * its owner or key. `name` writes a value: Discord escapes it and mentions users, the command line does not.
 */
export function describeDenyingEntry(
  { entry, value }: { readonly entry: BlacklistEntry; readonly value: string | null },
  name: (of: { readonly type: BlacklistType; readonly value: string }) => string,
): string {
  const { id, type } = entry;
  const listed = `${name(entry)} is on the blacklist (entry ${id})`;
  if (value === null) return `Every check is refused: ${listed}.`;
  return `Checks from ${name({ type, value })} are refused: ${value === entry.value ? `it is on the blacklist (entry ${id})` : listed}.`;
}
