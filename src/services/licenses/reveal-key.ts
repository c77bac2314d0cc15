import { fail, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent, sendKeys } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { LicenseService } from './license-service.ts';

/** How many keys are read from the store at the same time. */
const concurrentReads = 20;

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
    const [only, ...others] = licenseIds;
    if (only === undefined) return new Map();
    const event =
      others.length === 0
        ? auditEvent(input, 'license.revealed', `license:${only}`)
        : auditEvent(input, 'license.revealed', 'licenses', { count: licenseIds.length, licenses: licenseIds });
    await storage.recordAudit(guildId, event);
    const keys = new Map<number, string>();
    for (let start = 0; start < licenseIds.length; start += concurrentReads) {
      const batch = licenseIds.slice(start, start + concurrentReads);
      const read = await Promise.all(batch.map((id) => storage.licenseKey(guildId, id)));
      for (const [index, id] of batch.entries()) if (read[index]) keys.set(id, read[index]);
    }
    return keys;
  };

  return { resend, reveal, revealAll };
}
