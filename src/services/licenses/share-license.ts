import type { CommandError } from '../../domain/command-error.ts';
import type { License } from '../../domain/license.ts';
import { parseSnowflake } from '../../domain/values/ids.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { type By, type ByStaff, mayReveal, type ServiceContext } from '../context.ts';
import { auditEvent, notifyHelpers, roleEffects } from '../trail.ts';
import { changeLicense, type FoundLicense, type LicenseEdit } from './change-license.ts';
import { findDenyingEntry } from './denying-entries.ts';
import type { LicenseService } from './license-service.ts';

/** What one of the changes of this file writes, for staff and owners alike. */
export type SharingEdit = Result<LicenseEdit<object>, CommandError>;

export function createShareLicense(context: ServiceContext): Pick<LicenseService, 'share' | 'unshare'> {
  const { storage } = context;

  const share: LicenseService['share'] = async (input) => {
    const helper = await readHelper(context, input.guildId, input.helperId);
    if (!helper.ok) return helper;
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, (found) => {
      // A helper sees the key where the owner allows it.
      const isRevealed = 'id' in input.actor && input.actor.id === helper.value && found.license.helpersSeeKey;
      if (isRevealed && !mayReveal(input)) return fail({ code: 'reveal-required' });
      const edit = addHelper(input, helper.value, found);
      if (!edit.ok || !isRevealed) return edit;
      const revealed = auditEvent(input, 'license.revealed', `license:${input.licenseId}`);
      return succeed({ ...edit.value, audit: [...edit.value.audit, revealed] });
    });
  };

  const unshare: LicenseService['unshare'] = async (input) => {
    const helperId = parseSnowflake(input.helperId);
    if (helperId === null) return fail({ code: 'invalid-id', what: 'user' });
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license }) =>
      removeHelper(input, helperId, license),
    );
  };

  return { share, unshare };
}

/** The id of a user whom licenses of the guild may be shared with. Fails with invalid-id or helper-blacklisted. */
export async function readHelper(
  { storage, clock }: Pick<ServiceContext, 'storage' | 'clock'>,
  guildId: string,
  text: string,
): Promise<Result<string, CommandError>> {
  const userId = parseSnowflake(text);
  if (userId === null) return fail({ code: 'invalid-id', what: 'user' });
  const entry = await findDenyingEntry(storage, guildId, 'user', [userId], clock());
  return entry ? fail({ code: 'helper-blacklisted' }) : succeed(userId);
}

/** The edit that shares a license with one more user, within the guild's limit. */
export function addHelper(by: ByStaff, helperId: string, { license, bundle }: FoundLicense): SharingEdit {
  const max = bundle.settings['limits.helpers'];
  const { ownerId, helperIds } = license;
  if (ownerId === null) return fail({ code: 'owner-required' });
  if (ownerId === helperId) return fail({ code: 'helper-is-owner' });
  if (helperIds.includes(helperId)) return fail({ code: 'already-helper' });
  if (max === 0) return fail({ code: 'sharing-off' });
  if (helperIds.length >= max) return fail({ code: 'helpers-full', max });
  return succeed({
    next: { ...license, helperIds: [...helperIds, helperId] },
    audit: [auditEvent(by, 'license.shared', `license:${license.id}`, { helper: helperId })],
    effects: [...notifyHelpers([helperId], license, 'shared', by), ...roleEffects(helperId)],
    extra: {},
  });
}

/** The edit that ends the sharing with a user. */
export function removeHelper(by: ByStaff, helperId: string, license: License): SharingEdit {
  if (!license.helperIds.includes(helperId)) return fail({ code: 'not-helper' });
  return succeed({
    next: { ...license, helperIds: license.helperIds.filter((id) => id !== helperId) },
    audit: [auditEvent(by, 'license.unshared', `license:${license.id}`, { helper: helperId })],
    effects: [...notifyHelpers([helperId], license, 'unshared', by), ...roleEffects(helperId)],
    extra: {},
  });
}

/** The edit that lets helpers see the key, or no longer. */
export function showKeyToHelpers(by: By, isShown: boolean, license: License): SharingEdit {
  if (license.helpersSeeKey === isShown) return fail({ code: 'nothing-to-change' });
  const details = { helpersSeeKey: { before: license.helpersSeeKey, after: isShown } };
  return succeed({
    next: { ...license, helpersSeeKey: isShown },
    audit: [auditEvent(by, 'license.changed', `license:${license.id}`, details)],
    effects: [],
    extra: {},
  });
}
