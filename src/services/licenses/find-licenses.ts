import { canonicalAddress } from '../../domain/address.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import { parseSnowflake } from '../../domain/ids.ts';
import { typedKeyCandidates } from '../../domain/key-format.ts';
import type { License } from '../../domain/license.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/result.ts';
import type { LicenseQuery } from '../../storage/port/licenses.ts';
import type { ServiceContext } from '../context.ts';
import type { FoundLicenses, LicenseService } from './license-service.ts';
import type { ShowLicense } from './show-license.ts';

const idText = /^\d{1,15}$/;
const keyText = /^key:(.+)$/s;
/** How many are named where a text fits several. */
const maxNamed = 5;

export function createFindLicenses(
  { storage }: ServiceContext,
  show: Pick<ShowLicense, 'rows'>,
): Pick<LicenseService, 'resolve' | 'find'> {
  async function byKey(guildId: string, bundle: Bundle, text: string): Promise<License | null> {
    for (const key of typedKeyCandidates(text, bundle.settings['key.prefix'])) {
      const license = await storage.license(guildId, { key });
      if (license) return license;
    }
    return null;
  }

  /** Short keys have no last group; to name none is not to name theirs. */
  async function bySuffix(guildId: string, text: string, limit: number): Promise<readonly License[]> {
    const keySuffix = withoutMask(text);
    return keySuffix === '' ? [] : storage.licenses(guildId, { keySuffix }, { limit, beforeId: null });
  }

  async function resolve(guildId: string, text: string): Promise<Result<License, CommandError>> {
    const bundle = await storage.bundle(guildId);
    if (!bundle) return fail({ code: 'guild-not-found', guildId });
    const wanted = text.trim();
    const key = keyText.exec(wanted)?.[1];
    const found = idText.test(wanted)
      ? await storage.license(guildId, { id: Number(wanted) })
      : await byKey(guildId, bundle, key ?? wanted);
    if (found) return succeed(found);
    const tailed = key === undefined && !idText.test(wanted) ? await bySuffix(guildId, wanted, maxNamed) : [];
    const [only, ...others] = tailed;
    if (!only) return fail({ code: 'license-not-found' });
    if (others.length === 0) return succeed(only);
    return fail({ code: 'license-ambiguous', licenseIds: tailed.map(({ id }) => id) });
  }

  async function find(guildId: string, text: string, limit: number): Promise<FoundLicenses> {
    const bundle = await storage.bundle(guildId);
    const wanted = text.trim();
    if (!bundle || wanted === '') return { rows: [], by: null };
    const one = async (license: Promise<License | null>) => [await license].filter((found) => found !== null);
    const query = (by: LicenseQuery) => storage.licenses(guildId, by, { limit, beforeId: null });
    const address = canonicalAddress(wanted);
    const ownerId = parseSnowflake(wanted);
    // the first reading of the text that finds something; exact ones before vague ones
    const readings: readonly (readonly [Exclude<FoundLicenses['by'], null>, () => Promise<readonly License[]>])[] = [
      ['key', () => one(byKey(guildId, bundle, keyText.exec(wanted)?.[1] ?? wanted))],
      ['id', () => (idText.test(wanted) ? one(storage.license(guildId, { id: Number(wanted) })) : nothing())],
      ['owner', () => (ownerId === null ? nothing() : query({ ownerId }))],
      ['suffix', () => bySuffix(guildId, wanted, limit)],
      ['order', () => query({ order: wanted })],
      ['ip', () => (address === null ? nothing() : query({ binding: { kind: 'ip', value: address } }))],
      ['ip', () => query({ binding: { kind: 'ip', value: wanted } })],
      ['hwid', () => query({ binding: { kind: 'hwid', value: wanted } })],
      ['mac', () => query({ binding: { kind: 'mac', value: wanted } })],
      ['text', () => query({ text: wanted })],
    ];
    for (const [by, read] of readings) {
      const licenses = await read();
      if (licenses.length > 0) return { rows: await show.rows(licenses, bundle), by };
    }
    return { rows: [], by: null };
  }

  return { resolve, find };
}

const nothing = () => Promise.resolve([]);

/** A last group as lists and logs show it: `…X9K2P`. */
function withoutMask(text: string): string {
  return text.replace(/^(?:…|\.\.\.)/, '');
}
