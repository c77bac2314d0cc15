import type { License } from '../../domain/license.ts';
import { fail, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent } from '../trail.ts';
import { changeLicense, type FoundLicense } from './change-license.ts';
import type { LicenseService } from './license-service.ts';

type Switching = Parameters<LicenseService['switch']>[0];

export function createSwitchLicense({ storage }: ServiceContext): Pick<LicenseService, 'switch'> {
  return {
    switch: (input) =>
      changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, (found) =>
        moveSwitch(input, found),
      ),
  };
}

/** The edit that moves the owner's switch. A switched-off license still earns its roles, so no role changes. */
export function moveSwitch(input: Omit<Switching, 'licenseId'>, { license }: Pick<FoundLicense, 'license'>) {
  const off = !input.on;
  if (license.switchedOff === off) return fail({ code: 'already-switched', off } as const);
  const next: License = { ...license, switchedOff: off };
  const action = off ? 'license.switched-off' : 'license.switched-on';
  const audit = [auditEvent(input, action, `license:${license.id}`)];
  return succeed({ next, audit, effects: [], extra: {} });
}
