import { alice } from './open-services.ts';

/** The message about a change that a license's owner gets, or another user, as an effect. */
export const notice = (type: string, licenseId: number, reason: string | null = null, userId = alice) => ({
  kind: 'dm',
  userId,
  message: { type, licenseId, reason },
});
/** The message with a license's key, as an effect. */
export const keysTo = (userId: string, why: string, licenseId: number) => ({
  kind: 'dm',
  userId,
  message: { type: 'keys', why, licenseIds: [licenseId] },
});
/** That a member's roles are to be reconciled, as an effect. */
export const roles = (userId: string) => ({ kind: 'roles', userId });
