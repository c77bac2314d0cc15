import { isSeenWithin, type Slot } from '../../../src/domain/binding.ts';
import type { BlacklistEntry } from '../../../src/domain/blacklist/blacklist.ts';
import { createBlacklistIndex } from '../../../src/domain/blacklist/blacklist-index.ts';
import type { CheckBundle, ProductReader, SlotReader, Snapshot } from '../../../src/domain/snapshot.ts';
import type { CheckRequest } from '../../../src/domain/check-request.ts';
import type { CheckDefinition } from '../../../src/domain/check.ts';
import type { License } from '../../../src/domain/license.ts';
import { inheritedLimits } from '../../../src/domain/limits.ts';
import { noPoints } from '../../../src/domain/points.ts';
import type { Product } from '../../../src/domain/product.ts';
import * as rules from '../../../src/domain/rules.ts';
import { defaultSettings, type Settings } from '../../../src/domain/settings/settings.ts';

export const now = new Date('2026-03-10T12:00:00.000Z');
export const ago = (ms: number) => new Date(now.getTime() - ms);

/** A protocol that uses every rule, in TKI's order. */
export const definition: CheckDefinition = {
  protocol: 'tki',
  rules: [
    rules.malformed,
    rules.hwidMissing('tki.requireHwid', 'Missing hwid'),
    rules.hwidPlaceholder('Missing hwid'),
    rules.ipBlacklisted,
    rules.countryBlacklisted,
    rules.hwidBlacklisted,
    rules.keyBlacklisted,
    rules.licenseUnknown,
    rules.userBlacklisted,
    rules.productUnknownUnlessStaff,
    rules.productMismatch,
    rules.versionMismatch,
    rules.suspended,
    rules.switchedOff,
    rules.expired,
    rules.ipLimit,
    rules.hwidLimit,
    rules.macLimit,
  ],
  findProduct: ({ product }, products) => (product === null ? null : products.byName(product)),
  limitedIp: ({ declaredIp }) => declaredIp,
};

export const product: Product = {
  id: 3,
  uuid: '00000000-0000-4000-8000-000000000003',
  guildId: '1',
  name: 'Thing',
  aliases: [],
  description: null,
  version: '1.0.0',
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
  createdAt: ago(1e9),
  updatedAt: ago(1e9),
  revision: 1,
  deletedAt: null,
};
export const otherProduct: Product = { ...product, id: 4, name: 'Other', version: '9' };

export const license: License = {
  id: 12,
  uuid: '00000000-0000-4000-8000-000000000012',
  guildId: '1',
  productId: product.id,
  furtherProductIds: [],
  allProducts: false,
  keySuffix: 'X9K2P',
  name: null,
  note: null,
  order: null,
  ownerId: '123456789012345678',
  customerId: 1,
  helperIds: [],
  helpersSeeKey: false,
  staff: false,
  holds: [],
  switchedOff: false,
  expiry: { type: 'never' },
  expiresAt: null,
  activatedAt: ago(1e8),
  limits: inheritedLimits,
  forgetAfter: { ip: 'inherit', hwid: 'inherit', mac: 'inherit' },
  scope: null,
  points: noPoints,
  features: [],
  metadata: [],
  ownerResets: [],
  replacements: [],
  createdAt: ago(1e9),
  updatedAt: ago(1e9),
  revision: 1,
  createdBy: 'cli',
  deletedAt: null,
};

export const request: CheckRequest = {
  protocol: 'tki',
  guildReference: { by: 'api-key', secret: 'secret' },
  key: 'ABCDE-FGHIJ-KLMNO-PQRST-X9K2P',
  ignoresKeyCase: false,
  product: 'thing',
  version: '1.0.0',
  branch: null,
  customerId: null,
  scope: null,
  challenge: null,
  declaredIp: '192.168.1.100:25565',
  observedIp: '203.0.113.5',
  hwid: 'HWID-1',
  mac: null,
  country: 'DEU',
  userAgent: 'test',
  info: null,
  malformed: null,
  quiet: false,
};

export interface World {
  readonly now?: Date;
  readonly license?: License | null;
  readonly products?: readonly Product[];
  readonly settings?: Partial<Settings>;
  readonly blacklist?: readonly Pick<BlacklistEntry, 'type' | 'match'>[];
  readonly slots?: readonly Slot[];
}

export function slot(kind: Slot['kind'], value: string, change: Partial<Slot> = {}): Slot {
  return { kind, value, firstSeenAt: ago(1e7), lastSeenAt: ago(1000), releasedAt: null, ...change };
}

/** A snapshot as a store would read it. */
/** The UUID of a helper whose Discord id has this one digit only. */
function helperUuid(id: string): string {
  return id.repeat(8) + `-${id.repeat(4)}-4${id.repeat(3)}-8${id.repeat(3)}-` + id.repeat(12);
}

export function snapshotOf(world: World = {}): Snapshot {
  const at = world.now ?? now;
  const guild = { id: '1', name: 'Guild', teamId: 'team', userId: 'user', publicKey: 'pem', createdAt: ago(1e9) };
  const entries = (world.blacklist ?? []).map((entry, index) => ({
    ...{ id: 70 + index, guildId: '1', value: entry.match, reason: null, expiresAt: null, hits: 0 },
    ...{ createdAt: ago(1e6), createdBy: 'cli' },
    ...entry,
  }));
  const bundle: CheckBundle = {
    guild,
    settings: { ...defaultSettings, ...world.settings },
    products: productReader(world.products ?? [product, otherProduct]),
    blacklist: createBlacklistIndex(entries),
  };
  const found = world.license === undefined ? license : world.license;
  return {
    now: at,
    bundle,
    keyHash: () => 'aa'.repeat(32),
    license: found,
    owner: () => (found?.ownerId ? { id: found.ownerId, username: 'john', discriminator: '0' } : null),
    helpers: () => found?.helperIds.map((id) => ({ user: null, customerId: helperUuid(id) })) ?? [],
    customerId: () => (found?.ownerId ? '33333333-3333-4333-8333-333333333333' : null),
    slots: slotReader(world.slots ?? [], at),
  };
}

function productReader(products: readonly Product[]): ProductReader {
  const present = products.filter(({ deletedAt }) => deletedAt === null);
  return {
    byId: (id) => products.find((each) => each.id === id) ?? null,
    byName: (name) => present.find((each) => each.name.toLowerCase() === name.trim().toLowerCase()) ?? null,
    byUuid: (uuid) => present.find((each) => each.uuid === uuid) ?? null,
    all: () => present,
  };
}

function slotReader(slots: readonly Slot[], at: Date): SlotReader {
  const live: SlotReader['live'] = (kind, forgetBefore) =>
    slots.filter(
      (each) => each.kind === kind && each.releasedAt === null && isSeenWithin(each.lastSeenAt, forgetBefore, at),
    );
  return {
    find: (kind, value) => slots.find((each) => each.kind === kind && each.value === value) ?? null,
    hasLive: (kind, count, forgetBefore) => live(kind, forgetBefore).length >= count,
    live,
  };
}
