import { refuse, succeed } from '../../domain/result.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent, sendKeys } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { LicenseService } from './license-service.ts';

export function createHandOutKey({ storage }: ServiceContext): Pick<LicenseService, 'resend' | 'reveal'> {
  const resend: LicenseService['resend'] = (input) =>
    changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license }) => {
      if (license.ownerId === null) return refuse({ code: 'owner-required' });
      return succeed({
        next: license,
        audit: [auditEvent(input, 'license.resent', `license:${license.id}`)],
        effects: [sendKeys(license.ownerId, 'resent', [license])],
        extra: {},
      });
    });

  const reveal: LicenseService['reveal'] = async (input) => {
    const license = await storage.license(input.guildId, { id: input.licenseId });
    if (!license) return refuse({ code: 'license-not-found' });
    // recorded before the key is read, so that no key is seen without it
    await storage.recordAudit(input.guildId, auditEvent(input, 'license.revealed', `license:${license.id}`));
    const key = await storage.licenseKey(input.guildId, license.id);
    return key === null ? refuse({ code: 'license-not-found' }) : succeed({ license, key });
  };

  return { resend, reveal };
}
