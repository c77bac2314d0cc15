import { canonicalAddress } from '../../domain/values/address.ts';
import { keyFormatOf, withoutQuotes } from '../../domain/values/key-format.ts';
import { keyNearMiss } from '../../domain/values/key-near-miss.ts';
import { parseSnowflake, parseUuid } from '../../domain/values/ids.ts';
import type { License } from '../../domain/license.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { canonicalText } from '../../domain/values/text.ts';
import type { LicenseQuery } from '../../storage/port/licenses.ts';
import type { ServiceContext } from '../context.ts';
import { findCustomers } from '../customers/find-customers.ts';
import type { FoundLicenses, LicenseService } from './license-service.ts';
import type { ShowLicense } from './show-license.ts';
import { findByTypedKey, idText, keyText } from './typed-key.ts';

/** How many licenses an ambiguous text names at most. */
const maxNamed = 5;

export function createFindLicenses(
  { storage }: ServiceContext,
  show: Pick<ShowLicense, 'rows'>,
): Pick<LicenseService, 'resolve' | 'resolveOrder' | 'find'> {
  const byKey = (guildId: string, typed: string) => findByTypedKey(storage, guildId, keyText.exec(typed)?.[1] ?? typed);

  async function byUuid(guildId: string, typed: string): Promise<readonly License[]> {
    const uuid = parseUuid(typed);
    return uuid === null ? [] : one(storage.license(guildId, { uuid }));
  }

  /** The suffix of a short key is empty, and a blank text must not find all short keys. */
  async function bySuffix(guildId: string, text: string, limit: number): Promise<readonly License[]> {
    const keySuffix = withoutMask(withoutQuotes(canonicalText(text)));
    return keySuffix === '' ? [] : storage.licenses(guildId, { keySuffix }, { limit, beforeId: null });
  }

  /** By shop identity, e-mail address or UUID; numbers mean other things first. */
  async function ofCustomers(guildId: string, text: string, limit: number): Promise<readonly License[]> {
    if (!/\D/.test(text)) return [];
    const customers = await findCustomers(storage, guildId, text);
    const page = { limit, beforeId: null };
    const found = await Promise.all(customers.map(({ id }) => storage.licenses(guildId, { customerId: id }, page)));
    return found.flat().slice(0, limit);
  }

  async function resolve(guildId: string, text: string): Promise<Result<License, CommandError>> {
    const bundle = await storage.bundle(guildId);
    if (!bundle) return fail({ code: 'guild-not-found', guildId });
    const typed = canonicalText(text);
    if (idText.test(typed)) return theOnly(await one(storage.license(guildId, { id: Number(typed) })));
    // Where keys are UUIDs, a text may be the key of one license and the UUID of another.
    const named = [...(await byKey(guildId, typed)), ...(await byUuid(guildId, typed))];
    if (named.length > 0) return theOnly([...new Map(named.map((license) => [license.id, license])).values()]);
    const withSuffix = keyText.test(typed) ? [] : await bySuffix(guildId, typed, maxNamed);
    if (withSuffix.length > 0) return theOnly(withSuffix);
    const nearMiss = keyNearMiss(typed, keyFormatOf(bundle.settings));
    return fail(nearMiss === null ? { code: 'license-not-found' } : { code: 'key-near-miss', ...nearMiss });
  }

  const resolveOrder: LicenseService['resolveOrder'] = async (guildId, order) =>
    theOnly(await storage.licenses(guildId, { order: order.trim() }, { limit: maxNamed, beforeId: null }));

  async function find(guildId: string, text: string, limit: number): Promise<FoundLicenses> {
    const bundle = await storage.bundle(guildId);
    const typed = text.trim();
    if (!bundle || typed === '') return { rows: [], by: null };
    const query = (by: LicenseQuery) => storage.licenses(guildId, by, { limit, beforeId: null });
    const id = canonicalText(typed);
    const address = canonicalAddress(typed);
    const ownerId = parseSnowflake(typed);
    // What the text may mean, exact readings before vague ones. The first that finds a license counts.
    const readings: readonly (readonly [Exclude<FoundLicenses['by'], null>, () => Promise<readonly License[]>])[] = [
      ['id', () => (idText.test(id) ? one(storage.license(guildId, { id: Number(id) })) : none())],
      ['key', async () => (await byKey(guildId, typed)).slice(0, limit)],
      ['id', () => byUuid(guildId, typed)],
      ['owner', () => (ownerId === null ? none() : query({ ownerId }))],
      ['suffix', () => bySuffix(guildId, typed, limit)],
      ['order', () => query({ order: typed })],
      ['customer', () => ofCustomers(guildId, typed, limit)],
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
  return fail({ code: 'license-ambiguous', licenseIds: licenses.slice(0, maxNamed).map(({ id }) => id) });
}

const none = () => Promise.resolve([]);
const one = async (license: Promise<License | null>) => [await license].filter((found) => found !== null);

/** A key suffix without the mask that lists and logs show it with: `…X9K2P`. */
function withoutMask(text: string): string {
  return text.replace(/^(?:…|\.\.\.)/, '');
}
