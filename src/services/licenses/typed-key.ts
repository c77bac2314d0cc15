import { isSameKeyIgnoringCase, keyReadings, normaliseKey } from '../../domain/values/key-format.ts';
import type { License } from '../../domain/license.ts';
import type { Storage } from '../../storage/port/storage.ts';

/** A typed text that is the id of a license. */
export const idText = /^\d{1,15}$/;
/** A typed text that says that it is a key, which follows. */
export const keyText = /^key:(.+)$/s;

/**
 * The guild's licenses that a typed or pasted key may mean: the one with exactly this key, or else all whose keys have
 * the same letters and digits. Deleted licenses count only where no other one fits.
 */
export async function findByTypedKey(storage: Storage, guildId: string, text: string): Promise<readonly License[]> {
  const readings = keyReadings(text);
  for (const key of readings.map(normaliseKey)) {
    const exact = key === null ? null : await storage.license(guildId, { key });
    if (exact) return [exact];
  }
  const found = await findByFoldedKey(storage, guildId, readings);
  const existing = withoutDeleted(found);
  return existing.length > 0 ? existing : found;
}

/** The one license of the guild that is not deleted and whose key is this but for letter case. null: none, or several. */
export async function findInOtherLetterCase(storage: Storage, guildId: string, key: string): Promise<License | null> {
  const existing = withoutDeleted(await storage.licensesByFoldedKey(guildId, key));
  const keys = await Promise.all(existing.map(({ id }) => storage.licenseKey(guildId, id)));
  const [only, ...others] = existing.filter((_, index) => isSameKeyIgnoringCase(keys[index] ?? '', key));
  return only && others.length === 0 ? only : null;
}

/** The ids of the guilds in which a typed or pasted key may mean a license that is not deleted, in order. */
export async function guildsWithTypedKey(storage: Storage, text: string): Promise<readonly string[]> {
  const existing = withoutDeleted(await findByFoldedKey(storage, null, keyReadings(text)));
  return [...new Set(existing.map(({ guildId }) => guildId))].sort();
}

async function findByFoldedKey(
  storage: Storage,
  guildId: string | null,
  readings: readonly string[],
): Promise<readonly License[]> {
  const found = await Promise.all(readings.map((reading) => storage.licensesByFoldedKey(guildId, reading)));
  return [...new Map(found.flat().map((license) => [license.id, license])).values()];
}

function withoutDeleted(licenses: readonly License[]): readonly License[] {
  return licenses.filter(({ deletedAt }) => deletedAt === null);
}
