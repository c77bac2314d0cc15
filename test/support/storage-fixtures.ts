import type { CheckRequest } from '../../src/domain/check-request.ts';
import { type Hold, holdKinds } from '../../src/domain/hold.ts';
import type { License } from '../../src/domain/license.ts';
import type { Product } from '../../src/domain/product.ts';
import { inheritedLimits } from '../../src/domain/limits.ts';
import { noPoints } from '../../src/domain/points.ts';
import { maxLicensesAtOnce, type NewLicense } from '../../src/storage/port/licenses.ts';
import type { NewGuild } from '../../src/storage/port/guilds.ts';
import type { NewProduct } from '../../src/storage/port/products.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import type { Trail } from '../../src/storage/port/trail.ts';
import { grantRule } from './check-rules.ts';

export const noTrail: Trail = { audit: [], effects: [] };

export const secretOf = (guildId: string) => `secret-of-${guildId}`;

export function newGuild(id: string, own: Partial<NewGuild> = {}): NewGuild {
  return {
    id,
    name: `Guild ${id}`,
    teamId: `team-${id}`,
    userId: `user-${id}`,
    publicKey: `public-key-of-${id}`,
    privateKey: `private-key-of-${id}`,
    ...own,
  };
}

export function newProduct(own: Partial<NewProduct> = {}): NewProduct {
  return {
    id: null,
    uuid: null,
    name: 'Vault',
    description: null,
    version: null,
    versionPolicy: 'exact',
    buyerRoleId: null,
    claimRoleId: null,
    limits: inheritedLimits,
    term: null,
    trial: null,
    graceDays: 0,
    features: [],
    metadata: [],
    url: null,
    imageUrl: null,
    releases: [],
    ...own,
  };
}

export function newLicense(productId: number, own: Partial<NewLicense> = {}): NewLicense {
  return {
    key: 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE',
    productId,
    name: null,
    note: null,
    order: null,
    furtherProductIds: [],
    allProducts: false,
    ownerId: null,
    customerId: null,
    helperIds: [],
    helpersSeeKey: false,
    staff: false,
    holds: [],
    switchedOff: false,
    expiry: { type: 'never' },
    expiresAt: null,
    limits: inheritedLimits,
    forgetAfter: { ip: 'inherit', hwid: 'inherit', mac: 'inherit' },
    scope: null,
    points: noPoints,
    features: [],
    metadata: [],
    createdBy: 'cli',
    ...own,
  };
}

/** Values of the fields that most licenses leave empty. `addFurtherProducts` makes the products. */
export const modelFields = {
  furtherProductIds: [14, 12],
  allProducts: true,
  helperIds: ['6', '7'],
  helpersSeeKey: true,
  features: ['pro', 'seats-10'],
  metadata: [
    { key: 'tier', value: 'gold', returned: true },
    { key: 'ä $.', value: '', returned: false },
  ],
} as const satisfies Partial<License>;

/** Releases as versions without a mark for the latest kept them, and for each whether it is the latest with one. */
export const releasesBefore = (
  [
    ['1', null, 'published', 1, false],
    ['2', null, 'published', 2, true],
    ['b', 'beta', 'published', 2, true],
    ['3', null, 'draft', 3, false],
    ['4', 'old', 'archived', 4, false],
  ] as const
).map(([version, branch, status, at, latest]) => ({ version, branch, status, createdAt: new Date(at), latest }));

/** A hold of each kind, set at different instants. */
export function everyHold(at: Date): readonly Hold[] {
  return holdKinds.map((kind, index) => ({
    kind,
    at: new Date(at.getTime() - index),
    reason: index === 0 ? null : `ä "kind":"${kind}"`,
  }));
}

export async function addFurtherProducts(storage: Storage, guildId: string): Promise<void> {
  for (const id of modelFields.furtherProductIds) await addProduct(storage, guildId, { id, name: `Further ${id}` });
}

export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A check of the default license of guild `g1`. */
export function aRequest(own: Partial<CheckRequest> = {}): CheckRequest {
  return {
    protocol: 'tki',
    guildReference: { by: 'api-key', secret: secretOf('g1') },
    key: newLicense(1).key,
    ignoresKeyCase: false,
    product: 'Vault',
    version: null,
    declaredIp: null,
    observedIp: '203.0.113.5',
    hwid: null,
    mac: null,
    country: null,
    userAgent: null,
    branch: null,
    customerId: null,
    scope: null,
    challenge: null,
    info: null,
    malformed: null,
    quiet: false,
    ...own,
  };
}

export async function addProduct(storage: Storage, guildId: string, own: Partial<NewProduct> = {}): Promise<Product> {
  const made = await storage.createProduct(guildId, newProduct(own), () => noTrail);
  if ('taken' in made) throw new Error(`taken: ${made.taken}`);
  return made.product;
}

export async function addLicense(
  storage: Storage,
  guildId: string,
  productId: number,
  own: Partial<NewLicense> = {},
): Promise<License> {
  const made = await storage.createLicenses(guildId, [newLicense(productId, own)], () => noTrail, null);
  if (!('licenses' in made)) throw new Error('the license was not made');
  return made.licenses[0]!;
}

/** Adds any number of licenses, in several calls where the store limits one. */
export async function addLicenses(storage: Storage, guildId: string, licenses: readonly NewLicense[]): Promise<void> {
  for (let start = 0; start < licenses.length; start += maxLicensesAtOnce) {
    const some = licenses.slice(start, start + maxLicensesAtOnce);
    await storage.createLicenses(guildId, some, () => noTrail, null);
  }
}

/** A guild with an API key (`secretOf`), one product and one license of it with the key of `newLicense`. */
export async function addPopulatedGuild(storage: Storage, guildId = 'g1', own: Partial<NewGuild> = {}) {
  const { guild } = (await storage.addGuild(newGuild(guildId, own), noTrail)) as { guild: { id: string } };
  const apiKey = {
    name: 'main',
    scopes: ['auth'] as const,
    secret: secretOf(guildId),
    expiresAt: null,
    createdBy: 'cli',
  };
  const madeKey = await storage.createApiKey(guildId, apiKey, () => noTrail);
  if ('taken' in madeKey) throw new Error('the API key is taken');
  const product = await addProduct(storage, guildId);
  const license = await addLicense(storage, guildId, product.id);
  return { guild, apiKey: madeKey.apiKey, product, license };
}

/** The UUID of its owner as a check of the license with this key reads it. */
export async function checkedCustomerId(storage: Storage, key: string): Promise<unknown> {
  let customerId: unknown = 'no license';
  await storage.decide(aRequest({ key }), (snapshot) => {
    customerId = snapshot.customerId();
    return grantRule(snapshot);
  });
  return customerId;
}
