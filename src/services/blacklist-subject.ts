import {
  type BlacklistEntry,
  type BlacklistType,
  type BlacklistValue,
  normaliseBlacklistValue,
} from '../domain/blacklist/blacklist.ts';
import type { CommandError } from '../domain/command-error.ts';
import type { License } from '../domain/license.ts';
import { fail, type Result, succeed } from '../domain/values/result.ts';
import { keyReadings, normaliseKey } from '../domain/values/key-format.ts';
import { canonicalText } from '../domain/values/text.ts';
import type { Storage } from '../storage/port/storage.ts';
import type { LicenseService } from './licenses/license-service.ts';
import { findByTypedKey, idText, keyText } from './licenses/typed-key.ts';

/** What an entry is about. */
export interface BlacklistSubject extends BlacklistValue {
  readonly type: BlacklistType;
  /** The whole key where the type is `key`, else null. */
  readonly key: string | null;
  /** The license that has the key; null: none has it, or the type is another one. */
  readonly license: License | null;
}

export interface ReadSubjects {
  /**
   * Reads what was typed, for adding, finding, checking and removing alike. Of the type `key` a text may also be
   * `key:KEY`, a key's last group, or digits, which are the id of a license. Fails with blacklist-value-invalid,
   * license-not-found (digits that are neither an id nor a key) or license-ambiguous.
   */
  read(guildId: string, type: BlacklistType, text: string): Promise<Result<BlacklistSubject, CommandError>>;
  /** The entry for exactly this subject, also one that has ended. */
  entryFor(guildId: string, subject: BlacklistSubject): Promise<BlacklistEntry | null>;
}

export function createReadSubjects(storage: Storage, { resolve }: Pick<LicenseService, 'resolve'>): ReadSubjects {
  /** The key that a text means, with its license where there is one. The key may be of no license. */
  async function readKey(guildId: string, text: string): Promise<Result<KeyOfText, CommandError>> {
    const found = await resolve(guildId, text);
    if (!found.ok && found.error.code === 'license-ambiguous') return found;
    // Digits are the id of a license first. A key of digits alone is looked for where there is no such id.
    const isId = idText.test(canonicalText(text));
    const licenses = found.ok ? [found.value] : isId ? await findByTypedKey(storage, guildId, text) : [];
    if (licenses.length > 1) return fail({ code: 'license-ambiguous', licenseIds: licenses.map(({ id }) => id) });
    const [license] = licenses;
    const key = license ? await storage.licenseKey(guildId, license.id) : null;
    if (license && key !== null) return succeed({ key, license });
    // Most likely a mistyped id: an entry for a key of these digits would deny nothing.
    if (isId) return fail({ code: 'license-not-found' });
    const typed = keyText.exec(text.trim())?.[1] ?? text;
    const readings = keyReadings(typed).map(normaliseKey);
    const keys = readings.filter((reading) => reading !== null).flatMap((key) => [key, key.toUpperCase()]);
    const listed = await firstListed(guildId, keys);
    return succeed({ key: listed ?? keys[0] ?? '', license: null });
  }

  /** The way to write a key of no license for which there is an entry. */
  async function firstListed(guildId: string, keys: readonly string[]): Promise<string | null> {
    for (const key of keys) if (await storage.blacklistEntry(guildId, { type: 'key', key })) return key;
    return null;
  }

  return {
    async read(guildId, type, text) {
      const found = type === 'key' ? await readKey(guildId, text) : null;
      if (found && !found.ok) return found;
      const value = normaliseBlacklistValue(type, found ? found.value.key : text);
      if (!value.ok) return fail({ code: 'blacklist-value-invalid', problem: value.error });
      return succeed({ ...value.value, type, key: found?.value.key ?? null, license: found?.value.license ?? null });
    },

    entryFor: (guildId, { type, match, key }) =>
      storage.blacklistEntry(guildId, key === null ? { type, match: match ?? '' } : { type: 'key', key }),
  };
}

interface KeyOfText {
  readonly key: string;
  readonly license: License | null;
}
