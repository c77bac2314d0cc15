import { findHold, type Hold, type HoldKind, withHold, withoutHold } from '../../domain/hold.ts';
import type { License } from '../../domain/license.ts';
import { fail, succeed } from '../../domain/values/result.ts';
import type { Trail } from '../../storage/port/trail.ts';
import type { ByStaff, ServiceContext } from '../context.ts';
import { auditEvent, correctRolesOf, notifyOwner } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { LicenseService } from './license-service.ts';
import { readText } from '../../domain/values/read-fields.ts';

type SuspendLicense = Pick<LicenseService, 'suspend' | 'resume' | 'restoreHold'>;

export function createSuspendLicense({ storage }: ServiceContext): SuspendLicense {
  const suspend: LicenseService['suspend'] = async (input) => {
    const reason = readText('reason', input.reason ?? null);
    if (!reason.ok) return reason;
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license, now }) =>
      setHold(input, license, { kind: input.hold ?? 'staff', at: now, reason: reason.value }),
    );
  };

  const restoreHold: LicenseService['restoreHold'] = (input) =>
    changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license }) =>
      setHold(input, license, input.hold),
    );

  const resume: LicenseService['resume'] = (input) =>
    changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license }) => {
      const { hold: kind = 'staff', setAt } = input;
      const hold = findHold(license.holds, kind);
      if (setAt && hold?.at.getTime() !== setAt.getTime()) return fail({ code: 'undo-too-late' });
      if (!hold) return fail({ code: 'not-suspended', hold: kind, others: license.holds.map((other) => other.kind) });
      const next = { ...license, holds: withoutHold(license.holds, kind) };
      const { audit, effects } = holdTrail(input, license, next);
      return succeed({ next, audit, effects: [...effects, ...correctRolesOf(license)], extra: { lifted: hold } });
    });

  return { suspend, restoreHold, resume };
}

function setHold(input: ByStaff, license: License, hold: Hold) {
  if (findHold(license.holds, hold.kind)) return fail({ code: 'already-suspended', hold: hold.kind } as const);
  const next = { ...license, holds: withHold(license.holds, hold) };
  const { audit, effects } = holdTrail({ ...input, reason: hold.reason }, license, next);
  return succeed({ next, audit, effects: [...effects, ...correctRolesOf(license)], extra: {} });
}

/** What the trail has of holds that a change set or lifted: an event and a message to the owner for each. */
export function holdTrail(by: ByStaff, before: License, after: License): Trail {
  const subject = `license:${after.id}`;
  const added = missingFrom(before.holds, after.holds);
  const lifted = missingFrom(after.holds, before.holds);
  return {
    audit: [
      ...lifted.map((hold) => auditEvent(by, 'license.resumed', subject, liftedDetails(hold))),
      ...added.map(({ kind }) => auditEvent(by, 'license.suspended', subject, { hold: kind })),
    ],
    effects: [
      ...lifted.flatMap(({ kind }) => notifyOwner(after, { type: 'resumed', hold: kind }, by)),
      ...added.flatMap(({ kind }) => notifyOwner(after, { type: 'suspended', hold: kind }, by)),
    ],
  };
}

/** The whole hold, so that it can be set again as it was. */
function liftedDetails({ kind, at, reason }: Hold): Readonly<Record<string, unknown>> {
  return { hold: kind, since: at, ...(reason !== null && { because: reason }) };
}

function missingFrom(holds: readonly Hold[], others: readonly Hold[]): readonly Hold[] {
  const kinds: readonly HoldKind[] = holds.map(({ kind }) => kind);
  return others.filter(({ kind }) => !kinds.includes(kind));
}
