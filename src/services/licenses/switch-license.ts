import type { License } from '../../domain/license.ts';
import { fail, succeed } from '../../domain/result.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent } from '../trail.ts';
import { changeLicense, type Found } from './change-license.ts';
import type { LicenseService } from './license-service.ts';

type Switching = Parameters<LicenseService['switch']>[0];

export function createSwitchLicense({ storage }: ServiceContext): Pick<LicenseService, 'switch'> {
  return {
    switch: (input) =>
      changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, (seen) => switched(input, seen)),
  };
}

/** The owner's switch moved. Pausing a license costs no role, so none is touched. */
export function switched(input: Omit<Switching, 'licenseId'>, { license }: Pick<Found, 'license'>) {
  const off = !input.on;
  if (license.switchedOff === off) return fail({ code: 'already-switched', off } as const);
  const next: License = { ...license, switchedOff: off };
  const action = off ? 'license.switched-off' : 'license.switched-on';
  const audit = [auditEvent(input, action, `license:${license.id}`)];
  return succeed({ next, audit, effects: [], extra: {} });
}
