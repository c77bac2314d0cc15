import type { Attempt } from '../../src/domain/attempt.ts';
import type { Binding } from '../../src/domain/binding.ts';
import type { License } from '../../src/domain/license.ts';
import type { LicenseCard } from '../../src/services/licenses/license-view.ts';
import { noPoints } from '../../src/domain/points.ts';
import { unusedLicense } from '../../src/storage/port/licenses.ts';
import { newLicense, newProduct } from './storage-fixtures.ts';

const at = new Date('2026-03-01T12:00:00.000Z');
const unchanged = { createdAt: at, updatedAt: at, revision: 1, deletedAt: null };

export function anAttempt(own: Partial<Attempt>): Attempt {
  return {
    id: 1,
    guildId: 'g1',
    at,
    protocol: 'tki',
    result: 'granted',
    licenseId: 12,
    productId: 1,
    product: 'Vault',
    version: null,
    branch: null,
    scope: null,
    keySuffix: 'ABCDE',
    declaredIp: null,
    observedIp: '203.0.113.5',
    countedIp: (own.declaredIp ?? null) === null ? 'observed' : 'declared',
    hwid: null,
    mac: null,
    country: null,
    userAgent: null,
    info: null,
    newBindings: [],
    replaced: null,
    quiet: false,
    ...own,
  };
}

export function aBinding(own: Partial<Binding>): Binding {
  return { kind: 'ip', value: '198.51.100.7', firstSeenAt: at, lastSeenAt: at, releasedAt: null, ...own };
}

/** The view of an active license that was never used. */
export function aCard(own: Partial<LicenseCard>, ownLicense: Partial<License> = {}): LicenseCard {
  const { key: _, ...fields } = newLicense(1);
  const id = { id: 12, uuid: 'l', guildId: 'g1', keySuffix: 'ABCDE' };
  return {
    license: {
      ...fields,
      ...unusedLicense(at),
      ...id,
      ...ownLicense,
    },
    product: { ...newProduct(), id: 1, uuid: 'u', guildId: 'g1', aliases: [], ...unchanged },
    furtherProducts: [],
    state: 'active',
    graceUntil: null,
    limits: { ip: 5, hwid: 5, mac: null },
    forgetAfter: { ip: null, hwid: null, mac: null },
    points: noPoints,
    customerId: null,
    lastActiveAt: null,
    owner: null,
    bindings: [],
    bindingCounts: { ip: 0, hwid: 0, mac: 0 },
    sharedAddresses: 0,
    guildName: 'Shop',
    attempts: [],
    lastGrant: null,
    lastDenial: null,
    addressPattern: null,
    deniedBy: [],
    ...own,
  };
}
