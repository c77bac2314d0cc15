import { fail, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent, correctRolesOf, notifyOwner } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { LicenseService } from './license-service.ts';
import { readText } from '../../domain/values/read-fields.ts';

export function createSuspendLicense({ storage }: ServiceContext): Pick<LicenseService, 'suspend' | 'resume'> {
  const suspend: LicenseService['suspend'] = async (input) => {
    const reason = readText('reason', input.reason ?? null);
    if (!reason.ok) return reason;
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license, now }) => {
      if (license.suspension) return fail({ code: 'already-suspended' });
      return succeed({
        next: { ...license, suspension: { at: now, reason: reason.value } },
        audit: [auditEvent(input, 'license.suspended', `license:${license.id}`)],
        effects: [...notifyOwner(license, 'suspended', input), ...correctRolesOf(license)],
        extra: {},
      });
    });
  };

  const resume: LicenseService['resume'] = (input) =>
    changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license }) => {
      if (!license.suspension) return fail({ code: 'not-suspended' });
      return succeed({
        next: { ...license, suspension: null },
        audit: [auditEvent(input, 'license.resumed', `license:${license.id}`)],
        effects: [...notifyOwner(license, 'resumed', input), ...correctRolesOf(license)],
        extra: {},
      });
    });

  return { suspend, resume };
}
