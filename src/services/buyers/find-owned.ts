import type { License } from '../../domain/license.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/result.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { OwnLicense } from './buyer-service.ts';

/** A license of this user, in whatever guild. Foreign, deleted and unknown ones are one answer. */
export async function findOwned(storage: Storage, own: OwnLicense): Promise<Result<License, CommandError>> {
  const licenses = await storage.licensesOf(own.userId);
  const license = licenses.find(({ id }) => id === own.licenseId);
  return license ? succeed(license) : fail({ code: 'license-not-found' });
}
