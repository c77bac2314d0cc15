import type { AuditEvent } from '../../../../src/domain/audit.ts';
import { holdKinds } from '../../../../src/domain/hold.ts';
import type { ApiKey } from '../../../../src/domain/api-key.ts';
import type { BlacklistEntry } from '../../../../src/domain/blacklist/blacklist.ts';
import { type BlacklistAssessment, blacklistConcerns } from '../../../../src/domain/blacklist/blacklist-impact.ts';
import { denials } from '../../../../src/domain/denial.ts';
import { type BindingKind, bindingKinds } from '../../../../src/domain/limits.ts';
import type { Product } from '../../../../src/domain/product.ts';
import type { LicenseCard, Remedy } from '../../../../src/services/licenses/license-view.ts';
import type { ProductInfo } from '../../../../src/services/products/product-service.ts';
import { aBinding, aCard, anAttempt } from '../../../support/license-card.ts';

/** Numbers that show a wrong plural. */
export const counts = [0, 1, 2] as const;
export const at = new Date('2026-03-01T12:00:00.000Z');
export const now = new Date('2026-03-02T12:00:00.000Z');
export const userId = '100000000000000001';
export const roleId = '700000000000000001';
export const channelId = '600000000000000001';

const ofEachKind = <T>(value: T): Readonly<Record<BindingKind, T>> => ({ ip: value, hwid: value, mac: value });

export const attempts = [
  anAttempt({ newBindings: ['ip', 'hwid'], hwid: 'PC-1', version: '1.0' }),
  anAttempt({
    newBindings: ['ip', 'hwid'],
    replaced: [
      { kind: 'ip', value: '198.51.100.9' },
      { kind: 'hwid', value: 'PC-0' },
    ],
  }),
  anAttempt({ declaredIp: '198.51.100.7', licenseId: null, productId: null, product: null, keySuffix: null }),
  ...denials.map((result) => anAttempt({ result, userAgent: 'Java/17', mac: '00:11', hwid: 'PC-1' })),
];

const holders = (number: number) =>
  Array.from({ length: number }, (_, index) => aBinding({ value: `198.51.100.${index}` }));

export const entries: readonly BlacklistEntry[] = counts.flatMap((hits) =>
  (
    [
      ['ip', '203.0.113.0/24'],
      ['hwid', 'PC-1'],
      ['key', '…ABCDE'],
      ['user', userId],
      ['country', 'DEU'],
    ] as const
  ).map(([type, value]) => ({
    id: 7,
    guildId: 'g1',
    type,
    value,
    match: value,
    reason: hits === 0 ? null : 'resells',
    expiresAt: hits === 0 ? null : at,
    hits,
    createdAt: at,
    createdBy: hits === 0 ? 'cli' : `user:${userId}`,
  })),
);

const remedies: readonly Remedy[] = [
  ...counts.flatMap((number) =>
    bindingKinds.map(
      (kind) => ({ type: 'release', kind, value: '198.51.100.9', limit: number, holders: holders(number) }) as const,
    ),
  ),
  { type: 'release', kind: 'hwid', value: null, limit: 4, holders: holders(4) },
  ...bindingKinds.map((kind) => ({ type: 'raise-limit', kind, value: '198.51.100.9' }) as const),
  { type: 'unblacklist', entry: null },
  ...entries.map((entry) => ({ type: 'unblacklist', entry }) as const),
  ...(['resume', 'switch-on', 'extend', 'restore', 'resolved', 'client'] as const).map((type) => ({ type })),
  { type: 'right-product', asked: null, products: [{ name: 'Vault' }] },
  { type: 'right-product', asked: 'Other', products: [{ name: 'Vault' }, { name: 'Panel' }] },
  { type: 'right-version', asked: null, current: null },
  { type: 'right-version', asked: '1.0', current: '2.0' },
  { type: 'right-release', asked: null, published: [] },
  { type: 'right-release', asked: '1.0', published: ['2.0', '3.0'] },
  { type: 'right-branch', asked: 'beta' },
  { type: 'right-scope', allowed: ['pro'], asked: null },
  { type: 'right-scope', allowed: ['pro'], asked: 'free' },
  { type: 'more-points', isRefilled: true },
  { type: 'more-points', isRefilled: false },
];
export const lastDenials = remedies.map((remedy) => ({ attempt: anAttempt({ result: 'ip-limit' }), remedy }));

/** No, one, and more entries of the blacklist than a card names, which deny a license's checks. */
export const denyingEntries = [0, 1, 2, entries.length].map((number) =>
  entries
    .slice(0, number)
    .map((entry) => ({ entry, value: entry.type === 'user' || entry.type === 'key' ? null : entry.value })),
);

/** What a blacklist entry of each type would hit, with every reason to ask. */
export const assessments: readonly BlacklistAssessment[] = counts.flatMap((licenses) =>
  entries.slice(0, 5).map(({ type, value }) => ({
    ...{ type, value, concerns: blacklistConcerns, confirmWith: licenses === 0 || type === 'user' ? null : value },
    impact: {
      ...{ licenses, owners: licenses, isComplete: licenses !== 1 },
      lastDay: { all: licenses * 2, matching: licenses },
    },
  })),
);

const namedProducts = (number: number) =>
  Array.from({ length: number }, (_, index) => ({ ...aCard({}).product, name: `Panel ${index}` }));

/** Cards of licenses in every state, with no, one and several of whatever there can be. */
const everyHold = holdKinds.map((kind) => ({ kind, at, reason: 'charge back' }));
export const cards: readonly LicenseCard[] = [
  ...counts.map((number) =>
    aCard(
      {
        limits: { ip: number, hwid: null, mac: number },
        bindingCounts: ofEachKind(number),
        bindings: bindingKinds.flatMap((kind) => holders(number).map((one) => ({ ...one, kind }))),
        forgetAfter: { ip: 720, hwid: 1440, mac: number === 0 ? null : number },
        points: { left: number, limit: number + 1, amount: number, interval: 'hour', refilledAt: at },
        lastGrant: attempts[0]!,
        customerId: '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90',
      },
      {
        ownerId: userId,
        expiry: { type: 'duration', start: 'activation', days: number },
        name: 'Main',
        order: 'R-1',
        scope: 'pro',
      },
    ),
  ),
  aCard({ bindingCounts: ofEachKind(40), limits: ofEachKind(null) }, { expiry: { type: 'date' }, expiresAt: at }),
  ...(['deleted', 'suspended', 'off', 'expired'] as const).map((state) =>
    aCard({ state }, { expiresAt: at, holds: everyHold, deletedAt: at, staff: true, switchedOff: true }),
  ),
  ...[1, 2, 9].map((number) => aCard({ furtherProducts: namedProducts(number) })),
  aCard({}, { allProducts: true }),
  ...lastDenials.map((lastDenial) => aCard({ lastDenial })),
  aCard({ addressPattern: { hwid: 'PC-1', addresses: 3 } }),
  ...denyingEntries.map((deniedBy) => aCard({ deniedBy })),
];

export const product: Product = aCard({}).product;
export const releases: Product['releases'] = [
  { version: '1.0', branch: null, status: 'published', latest: false, createdAt: at },
  { version: '1.1', branch: 'beta', status: 'archived', latest: false, createdAt: at },
];

export const infos: readonly ProductInfo[] = counts.map((number) => ({
  product: {
    ...product,
    description: 'For blocks',
    version: number === 0 ? null : '1.0',
    buyerRoleId: number === 0 ? null : roleId,
    claimRoleId: roleId,
    limits: { ip: number, hwid: null, mac: 'inherit' },
    aliases: Array.from({ length: number }, (_, index) => `Old ${index}`),
    releases: releases.slice(0, number),
    url: 'https://shop.example',
  },
  licenses: number,
  owners: number,
  further: number,
}));

const apiKey: ApiKey = {
  id: 1,
  guildId: 'g1',
  name: 'main',
  scopes: ['auth'],
  createdAt: at,
  createdBy: 'cli',
  expiresAt: null,
  revokedAt: null,
};
export const apiKeys: readonly ApiKey[] = [
  apiKey,
  { ...apiKey, scopes: ['auth', 'licenses:read'], expiresAt: at },
  { ...apiKey, expiresAt: new Date('2027-01-01') },
  { ...apiKey, revokedAt: at },
];

/** A change of each license, with what changes of licenses return. */
export const changed = cards.map(({ license, product: of, furtherProducts }) => {
  return { license, product: of, furtherProducts, effectIds: [] };
});
export const resets = counts.map((number) => ({ ...changed[0]!, released: { ip: number, hwid: 0, mac: number }, at }));

export const auditEvent = {
  id: 1,
  guildId: 'g1',
  at,
  actor: { type: 'user', id: userId },
  action: 'license.suspended',
  subject: 'license:12',
  reason: 'chargeback',
  details: {},
} as const satisfies AuditEvent;
