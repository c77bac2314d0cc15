import { canonicalAddress } from '../../domain/values/address.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import { parseSnowflake } from '../../domain/values/ids.ts';
import { typedKeyCandidates } from '../../domain/values/key-format.ts';
import type { License } from '../../domain/license.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { LicenseQuery } from '../../storage/port/licenses.ts';
import type { ServiceContext } from '../context.ts';
import type { FoundLicenses, LicenseService } from './license-service.ts';
import type { ShowLicense } from './show-license.ts';

const idText = /^\d{1,15}$/;
const keyText = /^key:(.+)$/s;
/** How many licenses an ambiguous text names at most. */
const maxNamed = 5;

export function createFindLicenses(
  { storage }: ServiceContext,
  show: Pick<ShowLicense, 'rows'>,
): Pick<LicenseService, 'resolve' | 'resolveOrder' | 'find'> {
  async function byKey(guildId: string, bundle: Bundle, text: string): Promise<License | null> {
    for (const key of typedKeyCandidates(text, bundle.settings['key.prefix'])) {
      const license = await storage.license(guildId, { key });
      if (license) return license;
    }
    return null;
  }

  /** The suffix of a short key is empty, and a blank text must not find all short keys. */
  async function bySuffix(guildId: string, text: string, limit: number): Promise<readonly License[]> {
    const keySuffix = withoutMask(text);
    return keySuffix === '' ? [] : storage.licenses(guildId, { keySuffix }, { limit, beforeId: null });
  }

  async function resolve(guildId: string, text: string): Promise<Result<License, CommandError>> {
    const bundle = await storage.bundle(guildId);
    if (!bundle) return fail({ code: 'guild-not-found', guildId });
    const typed = text.trim();
    const key = keyText.exec(typed)?.[1];
    const found = idText.test(typed)
      ? await storage.license(guildId, { id: Number(typed) })
      : await byKey(guildId, bundle, key ?? typed);
    if (found) return succeed(found);
    const withSuffix = key === undefined && !idText.test(typed) ? await bySuffix(guildId, typed, maxNamed) : [];
    return theOnly(withSuffix);
  }

  const resolveOrder: LicenseService['resolveOrder'] = async (guildId, order) =>
    theOnly(await storage.licenses(guildId, { order: order.trim() }, { limit: maxNamed, beforeId: null }));

  async function find(guildId: string, text: string, limit: number): Promise<FoundLicenses> {
    const bundle = await storage.bundle(guildId);
    const typed = text.trim();
    if (!bundle || typed === '') return { rows: [], by: null };
    const one = async (license: Promise<License | null>) => [await license].filter((found) => found !== null);
    const query = (by: LicenseQuery) => storage.licenses(guildId, by, { limit, beforeId: null });
    const address = canonicalAddress(typed);
    const ownerId = parseSnowflake(typed);
    // What the text may mean, exact readings before vague ones. The first that finds a license counts.
    const readings: readonly (readonly [Exclude<FoundLicenses['by'], null>, () => Promise<readonly License[]>])[] = [
      ['key', () => one(byKey(guildId, bundle, keyText.exec(typed)?.[1] ?? typed))],
      ['id', () => (idText.test(typed) ? one(storage.license(guildId, { id: Number(typed) })) : none())],
      ['owner', () => (ownerId === null ? none() : query({ ownerId }))],
      ['suffix', () => bySuffix(guildId, typed, limit)],
      ['order', () => query({ order: typed })],
      ['ip', () => (address === null ? none() : query({ binding: { kind: 'ip', value: address } }))],
      ['ip', () => query({ binding: { kind: 'ip', value: typed } })],
      ['hwid', () => query({ binding: { kind: 'hwid', value: typed } })],
      ['mac', () => query({ binding: { kind: 'mac', value: typed } })],
      ['text', () => query({ text: typed })],
    ];
    for (const [by, read] of readings) {
      const licenses = await read();
      if (licenses.length > 0) return { rows: await show.rows(licenses, bundle), by };
    }
    return { rows: [], by: null };
  }

  return { resolve, resolveOrder, find };
}

function theOnly(licenses: readonly License[]): Result<License, CommandError> {
  const [only, ...others] = licenses;
  if (!only) return fail({ code: 'license-not-found' });
  if (others.length === 0) return succeed(only);
  return fail({ code: 'license-ambiguous', licenseIds: licenses.map(({ id }) => id) });
}

const none = () => Promise.resolve([]);

/** A key suffix without the mask that lists and logs show it with: `…X9K2P`. */
function withoutMask(text: string): string {
  return text.replace(/^(?:…|\.\.\.)/, '');
}
