import { dayMs } from '../../src/domain/values/calendar.ts';
import type { CopyRecords } from '../../src/storage/copy/port.ts';
import { allLicenses, ownerOf, type StoreSize, world } from './world.ts';

/** The owners of the licenses. */
export function* userRecords(size: StoreSize): Generator<CopyRecords['users']> {
  let last = '';
  for (let license = 0; license < allLicenses(size); license += 1) {
    const id = ownerOf(license);
    if (id !== last) yield { id, username: `buyer${license}`, discriminator: '0' };
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
