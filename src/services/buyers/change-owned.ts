import type { Actor } from '../../domain/actor.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { License } from '../../domain/license.ts';
import { fail, type Result } from '../../domain/values/result.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { changeLicense, type FoundLicense, type LicenseEdit } from '../licenses/change-license.ts';
import type { LicenseChanged } from '../licenses/license-service.ts';
import type { OwnedLicense } from './buyer-service.ts';

/**
 * Changes a license of a user as `changeLicense` does, and asks again inside the change whether it is theirs, since it
 * may have been reassigned in between. Fails with license-not-found where it is not, or deleted.
 */
export async function changeOwned<E extends object>(
  storage: Storage,
  { userId, licenseId }: OwnedLicense,
  guildId: string,
  change: (found: FoundLicense) => Result<LicenseEdit<E>, CommandError>,
  isTheirs: (license: License, userId: string) => boolean = isOwner,
): Promise<Result<LicenseChanged & E, CommandError>> {
  const changed = await changeLicense(storage, { guildId, ref: { id: licenseId } }, (found) =>
    isTheirs(found.license, userId) ? change(found) : fail({ code: 'license-not-found' }),
  );
  const isGone = !changed.ok && changed.error.code === 'license-deleted';
  return isGone ? fail<CommandError>({ code: 'license-not-found' }) : changed;
}

function isOwner({ ownerId }: License, userId: string): boolean {
  return ownerId === userId;
}

/** Whether the user owns the license or it is shared with them. */
export function isOwnerOrHelper({ ownerId, helperIds }: License, userId: string): boolean {
  return ownerId === userId || helperIds.includes(userId);
}

export function userActor({ userId }: Pick<OwnedLicense, 'userId'>): Actor {
  return { type: 'user', id: userId };
}
