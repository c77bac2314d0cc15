import { randomBytes } from 'node:crypto';
import { dayMs } from '../../src/domain/values/calendar.ts';
import type { CopyRecords } from '../../src/storage/copy/port.ts';
import { emptyCustomer } from '../../src/storage/customers/new-customer.ts';
import type { Vault } from '../../src/storage/vault.ts';
import { allLicenses, customerOf, ownerOf, type StoreSize, world } from './world.ts';

/** The owners of the licenses. */
export function* userRecords(size: StoreSize): Generator<CopyRecords['users']> {
  let last = '';
  for (let license = 0; license < allLicenses(size); license += 1) {
    const id = ownerOf(license);
    if (id !== last) yield { id, username: `buyer${license}`, discriminator: '0' };
    last = id;
  }
}

/** The records of the owners. */
export function* customerRecords(size: StoreSize, vault: Vault, now: Date): Generator<CopyRecords['customers']> {
  const since = new Date(now.getTime() - 90 * dayMs);
  const parts = { vault, now: () => since, random: randomBytes };
  let last = 0;
  for (let license = 0; license < allLicenses(size); license += 1) {
    const id = customerOf(license);
    const discordId = ownerOf(license);
    if (id !== last) yield emptyCustomer(parts, { id, guildId: world.guildId, discordId }, false);
    last = id;
  }
}

/** One audit event for every fifth license. */
export function* auditRecords(size: StoreSize, now: Date): Generator<CopyRecords['audit']> {
  for (let license = 0; license < allLicenses(size); license += 5) {
    yield {
      id: license / 5 + 1,
      guildId: world.guildId,
      at: new Date(now.getTime() - 90 * dayMs),
      actor: 'cli',
      action: 'license.issued',
      subject: `license:${license + 1}`,
      reason: null,
      details: '{}',
    };
  }
}
