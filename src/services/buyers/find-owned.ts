import type { License } from '../../domain/license.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { OwnedLicense } from './buyer-service.ts';

/**
 * A license of this user, in any guild. Fails with license-not-found for unknown, deleted and other owners' licenses
 * alike.
 */
export async function findOwned(storage: Storage, owned: OwnedLicense): Promise<Result<License, CommandError>> {
  const license = await storage.licenseOf(owned.userId, owned.licenseId);
  return license ? succeed(license) : fail({ code: 'license-not-found' });
}
