import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alpha3 } from '../../../src/domain/values/countries.ts';
import { parseIpSubject } from '../../../src/domain/values/address.ts';
import type { Scope } from '../../../src/domain/api-key.ts';
import type { BlacklistType } from '../../../src/domain/blacklist/blacklist.ts';
import { readChallengeKey } from '../../../src/services/guilds/challenge-key.ts';
import type { Release } from '../../../src/domain/product.ts';
import { foldText } from '../../../src/domain/values/text.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import type { NewGuild } from '../../../src/storage/port/guilds.ts';
import type { NewLicense } from '../../../src/storage/port/licenses.ts';
import type { NewProduct } from '../../../src/storage/port/products.ts';
import type { Storage } from '../../../src/storage/port/storage.ts';
import { addLicense, addProduct, newGuild, noTrail } from '../../support/storage-fixtures.ts';

export const worldGuildId = '100000000000000001';
/** The pair that signs the challenges of that guild, always the same: goldens hold signatures. */
const worldKey = readChallengeKey(readFileSync(join(import.meta.dirname, '../../support/challenge-key.pem'), 'utf8'))!;
const ownerId = '123456789012345678';
const otherGuildId = '200000000000000002';

/** What a test changes about the world that `seedWorld` makes otherwise. */
export interface WorldChanges {
  /** The challenge keys of systems that do not use the common one. */
  readonly systemKeys?: NewGuild['systemKeys'];
  readonly settings?: Partial<Settings>;
  readonly apiKey?: { readonly scopes?: readonly Scope[]; readonly expiresAt?: string; readonly revoked?: boolean };
  readonly product?: Partial<Omit<NewProduct, 'releases'>> & {
    readonly formerName?: string;
    readonly deleted?: boolean;
    readonly releases?: readonly (Omit<Release, 'createdAt' | 'latest'> & {
      readonly createdAt: string;
      readonly latest?: true;
    })[];
  };
  readonly license?: Partial<Omit<NewLicense, 'expiresAt' | 'holds'>> & {
    readonly expiresAt?: string | null;
    readonly suspended?: boolean;
    readonly deleted?: boolean;
    /** For the product "Other" instead. */
    readonly other?: boolean;
  };
  /** null: the owner's name is not known. */
  readonly owner?: { readonly username: string; readonly discriminator: string } | null;
  /** Those whom the owner shares the license with; a name of null is not known. */
  readonly helpers?: readonly { readonly id: string; readonly username: string | null; readonly uuid: string }[];
  readonly blacklist?: readonly {
    readonly type: BlacklistType;
    readonly value: string;
    readonly expiresAt?: string;
  }[];
}

/**
 * A guild with the API key `golden-api-key`, the products 7 "Plugin" 1.0.0 and 8 "Other" 2.0.0 and a license of the
 * first with the key GOLD1-GOLD2-GOLD3-GOLD4-GOLD5, until the end of 2030, owned by john_doe; and another guild with a
 * license OTHER-OTHER-OTHER-OTHER-OTHER and the API key `other-api-key`. UUIDs: the products' are all 7 and all 8, the
 * owner's all 3.
 */
export async function seedWorld(storage: Storage, changes: WorldChanges = {}): Promise<void> {
  await seedOtherGuild(storage);
  await storage.addGuild(
    newGuild(worldGuildId, {
      ...{ teamId: '11111111-2222-4333-8444-555555555555', userId: 'abcde', ...worldKey },
      ...(changes.systemKeys && { systemKeys: changes.systemKeys }),
    }),
    noTrail,
  );
  await storage.changeSettings(worldGuildId, (current) => {
    return { next: { ...current, ...changes.settings }, trail: noTrail, result: {} };
  });
  await seedApiKey(storage, changes.apiKey);
  const productId = await seedProduct(storage, changes.product);
  const other = await addProduct(storage, worldGuildId, { id: 8, uuid: uuidOf(8), name: 'Other', version: '2.0.0' });
  await storage.setCustomerId(worldGuildId, ownerId, uuidOf(3), noTrail);
  const { helpers = [] } = changes;
  const license = { helperIds: helpers.map(({ id }) => id), ...changes.license };
  await seedLicense(storage, changes.license?.other ? other.id : productId, license);
  for (const { id, username, uuid } of helpers) {
    await storage.setCustomerId(worldGuildId, id, uuid, noTrail);
    if (username !== null) await storage.rememberUser({ id, username, discriminator: '0' });
  }
  const owner = changes.owner === undefined ? { username: 'john_doe', discriminator: '0001' } : changes.owner;
  if (owner) await storage.rememberUser({ id: ownerId, ...owner });
  for (const { type, value, expiresAt } of changes.blacklist ?? []) {
    const entry = {
      type,
      value,
      match: matchOf(type, value),
      key: type === 'key' ? value : null,
      reason: null,
      expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
      createdBy: 'cli',
    };
    await storage.addBlacklistEntry(worldGuildId, entry, () => noTrail);
  }
}

async function seedOtherGuild(storage: Storage): Promise<void> {
  await storage.addGuild(newGuild(otherGuildId), noTrail);
  const { id } = await addProduct(storage, otherGuildId, { id: 9, name: 'Plugin', version: '1.0.0' });
  await addLicense(storage, otherGuildId, id, { key: 'OTHER-OTHER-OTHER-OTHER-OTHER' });
  await addApiKey(storage, otherGuildId, 'other-api-key');
}

async function addApiKey(
  storage: Storage,
  guildId: string,
  secret: string,
  scopes: readonly Scope[] = ['auth'],
  expiresAt: Date | null = null,
): Promise<number> {
  const apiKey = { name: 'main', scopes, secret, expiresAt, createdBy: 'cli' };
  const made = await storage.createApiKey(guildId, apiKey, () => noTrail);
  if ('taken' in made) throw new Error('the API key is taken');
  return made.apiKey.id;
}

async function seedApiKey(storage: Storage, changes: WorldChanges['apiKey'] = {}): Promise<void> {
  const expiresAt = changes.expiresAt === undefined ? null : new Date(changes.expiresAt);
  const id = await addApiKey(storage, worldGuildId, 'golden-api-key', changes.scopes, expiresAt);
  if (changes.revoked) await storage.revokeApiKey(worldGuildId, id, noTrail);
}

async function seedProduct(storage: Storage, changes: WorldChanges['product'] = {}): Promise<number> {
  const { formerName, deleted, releases = [], ...own } = changes;
  const name = formerName ?? 'Plugin';
  const { id } = await addProduct(storage, worldGuildId, {
    ...{ id: 7, uuid: uuidOf(7), version: '1.0.0' },
    ...own,
    name,
    releases: releases.map((release) => ({
      latest: false,
      ...release,
      createdAt: new Date(release.createdAt),
    })),
  });
  await storage.changeProduct(worldGuildId, id, (current) => ({
    next: { ...current, name: own.name ?? 'Plugin', deletedAt: deleted ? new Date(0) : null },
    trail: noTrail,
    result: {},
  }));
  return id;
}

async function seedLicense(storage: Storage, productId: number, changes: WorldChanges['license'] = {}): Promise<void> {
  const { expiresAt = '2030-12-31T23:59:59.999Z', suspended, deleted, other: _other, ...own } = changes;
  const { id } = await addLicense(storage, worldGuildId, productId, {
    key: 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5',
    ownerId,
    expiry: { type: expiresAt === null ? 'never' : 'date' },
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    holds: suspended ? [{ kind: 'staff', at: new Date(0), reason: 'chargeback' }] : [],
    ...own,
  });
  if (!deleted) return;
  await storage.changeLicense(worldGuildId, { id }, (current) => {
    return { next: { ...current, deletedAt: new Date(0) }, trail: noTrail, result: {} };
  });
}

/** All of one digit. */
function uuidOf(digit: number): string {
  return '########-####-4###-8###-############'.replaceAll('#', String(digit));
}

function matchOf(type: BlacklistType, value: string): string | null {
  switch (type) {
    case 'ip':
      return parseIpSubject(value)?.match ?? null;
    case 'hwid':
      return foldText(value);
    case 'country':
      return alpha3(value);
    case 'user':
      return value;
    case 'key':
      return null;
  }
}
