import type { License } from '../../src/domain/license.ts';
import type { Binding } from '../../src/domain/binding.ts';
import { uuidOf } from '../../src/domain/values/ids.ts';
import { dayMs } from '../../src/domain/values/calendar.ts';
import type { CopyRecords } from '../../src/storage/copy/port.ts';
import { storedKey } from '../../src/storage/sqlite/licenses/stored-key.ts';
import type { Vault } from '../../src/storage/vault.ts';
import { allLicenses, customerOf, fullLicenses, hwidOf, keyOf, ownerOf, type StoreSize, world } from './world.ts';

type LicenseRecord = CopyRecords['licenses'];

const inherited = { ip: 'inherit', hwid: 'inherit', mac: 'inherit' } as const;
const noPoints = { left: null, limit: null, amount: null, interval: null, refilledAt: null } as const;

/** The licenses of a store, whose ids are their numbers plus one. */
export function* licenseRecords(size: StoreSize, vault: Vault, now: Date): Generator<LicenseRecord> {
  for (let number = 0; number < allLicenses(size); number += 1) yield licenseRecord(number, size, vault, now);
}

function licenseRecord(number: number, size: StoreSize, vault: Vault, now: Date): LicenseRecord {
  const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs);
  const firstInactive = size.licenses + fullLicenses;
  const isFull = number >= size.licenses && number < firstInactive;
  const slot = (kind: Binding['kind'], value: string): Binding => {
    return { kind, value, firstSeenAt: daysAgo(60), lastSeenAt: now, releasedAt: null };
  };
  return {
    id: number + 1,
    uuid: uuidOf(Buffer.from(number.toString(16).padStart(32, '0'), 'hex')),
    guildId: world.guildId,
    productId: world.product.id,
    furtherProductIds: [],
    allProducts: false,
    ...storedKey(vault, world.guildId, keyOf(number)),
    name: number % 4 === 0 ? `Server ${number}` : null,
    note: number % 10 === 0 ? `paid by card, invoice ${number}` : null,
    order: `#${100_000 + number}`,
    ownerId: ownerOf(number),
    customerId: customerOf(number),
    helperIds: [],
    helpersSeeKey: false,
    staff: false,
    holds: [],
    switchedOff: false,
    expiry: { type: 'never' },
    expiresAt: null,
    activatedAt: daysAgo(60),
    limits: isFull ? { ...inherited, hwid: 1 } : inherited,
    forgetAfter: inherited,
    scope: null,
    points: noPoints,
    features: [],
    metadata: [],
    ownerResets: [],
    replacements: [],
    createdAt: daysAgo(90),
    updatedAt: daysAgo(90),
    revision: 1,
    createdBy: 'cli',
    deletedAt: null,
    expiryNotified: false,
    slots: [slot('hwid', hwidOf(number)), slot('ip', world.ip)],
    ...(number >= firstInactive ? inactive(number, daysAgo) : {}),
  };
}

/** What makes a license inactive, in turns. Every second one that is expired or deleted is due for the jobs. */
function inactive(number: number, daysAgo: (days: number) => Date): Partial<License & LicenseRecord> {
  const isDue = number % 8 >= 4;
  switch (number % 4) {
    case 0:
      return { holds: [{ kind: 'staff', at: daysAgo(10), reason: 'charged back' }] };
    case 1:
      return { switchedOff: true };
    case 2:
      return { expiry: { type: 'date' }, expiresAt: daysAgo(isDue ? 0.1 : 20), expiryNotified: !isDue };
    default:
      return { deletedAt: daysAgo(isDue ? 40 : 20) };
  }
}
