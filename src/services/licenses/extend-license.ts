import { extendExpiry, parseTerm } from '../../domain/expiry.ts';
import { fail, succeed } from '../../domain/values/result.ts';
import { changedFields } from '../changed-fields.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent, correctRolesOf, notifyOwner } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { LicenseService } from './license-service.ts';

export function createExtendLicense({ storage }: ServiceContext): Pick<LicenseService, 'extend'> {
  const extend: LicenseService['extend'] = async (input) => {
    const term = parseTerm(input.term);
    if (!term.ok) return fail({ code: 'invalid-expiry', problem: term.error });
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license, now }) => {
      const ending = extendExpiry(license.expiry, license.expiresAt, term.value, now);
      if (!ending.ok) return fail({ code: 'invalid-expiry', problem: ending.error });
      const next = { ...license, ...ending.value };
      const details = {
        term: input.term.trim(),
        expiresAt: { before: license.expiresAt, after: next.expiresAt },
        // The end no longer follows from the term that the license had.
        ...changedFields(license, next, ['expiry']),
      };
      return succeed({
        next,
        audit: [auditEvent(input, 'license.extended', `license:${license.id}`, details)],
        effects: [...notifyOwner(next, 'extended', input), ...correctRolesOf(license)],
        extra: {},
      });
    });
  };

  return { extend };
}
