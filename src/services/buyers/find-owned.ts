import type { License } from '../../domain/license.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { OwnedLicense } from './buyer-service.ts';

/**
 * A license of this user, in any guild. Fails with not-owner for one that is only shared with them, and with
 * license-not-found for unknown, deleted and other owners' licenses alike.
 */
export async function findOwned(storage: Storage, owned: OwnedLicense): Promise<Result<License, CommandError>> {
  const found = await findOwnOrHelped(storage, owned);
  return found.ok && found.value.ownerId !== owned.userId ? fail({ code: 'not-owner' }) : found;
}

/** The same of a license that the user owns or that is shared with them. Fails with license-not-found. */
export async function findOwnOrHelped(storage: Storage, wanted: OwnedLicense): Promise<Result<License, CommandError>> {
  const license =
    (await storage.licenseOf(wanted.userId, wanted.licenseId)) ??
    (await storage.licensesHelpedBy(wanted.userId)).find(({ id }) => id === wanted.licenseId);
  return license ? succeed(license) : fail({ code: 'license-not-found' });
}
