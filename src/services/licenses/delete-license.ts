import { dayMs } from '../../domain/values/calendar.ts';
import { fail, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent, correctRolesOf, notifyOwner } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { LicenseService } from './license-service.ts';

/** For how long deleted licenses and products can be restored, before they are purged. */
export const restorableMs = 30 * dayMs;

export function createDeleteLicense({ storage }: ServiceContext): Pick<LicenseService, 'delete' | 'restore'> {
  const remove: LicenseService['delete'] = (input) =>
    changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license, now }) =>
      succeed({
        next: { ...license, deletedAt: now },
        audit: [auditEvent(input, 'license.deleted', `license:${license.id}`)],
        effects: [...notifyOwner(license, 'deleted', input), ...correctRolesOf(license)],
        extra: {},
      }),
    );

  const restore: LicenseService['restore'] = (input) => {
    const target = { guildId: input.guildId, ref: { id: input.licenseId }, includeDeleted: true };
    return changeLicense(storage, target, ({ license, product, now }) => {
      if (product.deletedAt) return fail({ code: 'product-deleted', name: product.name });
      if (!license.deletedAt) return fail({ code: 'license-not-deleted', licenseId: license.id });
      const restorableUntil = license.deletedAt.getTime() + restorableMs;
      if (now.getTime() >= restorableUntil) return fail({ code: 'license-not-found' });
      return succeed({
        next: { ...license, deletedAt: null },
        audit: [auditEvent(input, 'license.restored', `license:${license.id}`)],
        effects: [...notifyOwner(license, 'restored', input), ...correctRolesOf(license)],
        extra: {},
      });
    });
  };

  return { delete: remove, restore };
}
