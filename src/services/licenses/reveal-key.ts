import { fail, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent, sendKeys } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { LicenseService } from './license-service.ts';

export function createRevealKey({ storage }: ServiceContext): Pick<LicenseService, 'resend' | 'reveal' | 'revealAll'> {
  const resend: LicenseService['resend'] = (input) =>
    changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license }) => {
      if (license.ownerId === null) return fail({ code: 'owner-required' });
      return succeed({
        next: license,
        audit: [auditEvent(input, 'license.resent', `license:${license.id}`)],
        effects: [sendKeys(license.ownerId, 'resent', [license])],
        extra: {},
      });
    });

  const reveal: LicenseService['reveal'] = async (input) => {
    const license = await storage.license(input.guildId, { id: input.licenseId });
    if (!license) return fail({ code: 'license-not-found' });
    // The event is recorded before the key is read, so that no key is revealed without an event.
    await storage.recordAudit(input.guildId, auditEvent(input, 'license.revealed', `license:${license.id}`));
    const key = await storage.licenseKey(input.guildId, license.id);
    return key === null ? fail({ code: 'license-not-found' }) : succeed({ license, key });
  };

  const revealAll: LicenseService['revealAll'] = async (input) => {
    const { guildId, licenseIds } = input;
    const ids = new Set(licenseIds);
    const [only, ...others] = ids;
    if (only !== undefined) {
      const event =
        others.length === 0
          ? auditEvent(input, 'license.revealed', `license:${only}`)
          : auditEvent(input, 'license.revealed', 'licenses', { count: ids.size, licenses: [...ids] });
      await storage.recordAudit(guildId, event);
    }
    return (id) => (ids.has(id) ? storage.licenseKey(guildId, id) : Promise.resolve(null));
  };

  return { resend, reveal, revealAll };
}
