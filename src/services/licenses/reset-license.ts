import { canonicalAddress } from '../../domain/values/address.ts';
import type { Binding } from '../../domain/binding.ts';
import { type BindingKind, bindingKinds } from '../../domain/limits.ts';
import { fail, succeed } from '../../domain/values/result.ts';
import { isResetTooOld, undoResetMs } from '../../domain/undoable-steps.ts';
import { isFromWrongClock } from '../../domain/values/calendar.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent, notifyOwner } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { LicenseService, ResetTarget } from './license-service.ts';

/** How many bindings of each kind a reset and a license card read at most. */
export const maxBindings = 1000;

type Release = readonly { readonly kind: BindingKind; readonly value: string | null }[];

/**
 * What a reset releases. One value is taken as the store spells it; an address may be typed in another spelling. null:
 * the license has no such binding.
 */
export function bindingsToRelease(what: ResetTarget, bindings: readonly Binding[]): Release | null {
  if (what === 'all') return bindingKinds.map((kind) => ({ kind, value: null }));
  if (typeof what === 'string') return [{ kind: what, value: null }];
  const values = [what.value, what.value.trim(), canonicalAddress(what.value)];
  const found = bindings.find((binding) => binding.kind === what.kind && values.includes(binding.value));
  return found ? [{ kind: found.kind, value: found.value }] : null;
}

/** How many bindings of each kind a reset releases, of `counts` live ones. */
export function countReleased(
  release: Release,
  counts: Readonly<Record<BindingKind, number>>,
): Readonly<Record<BindingKind, number>> {
  const count = (kind: BindingKind) => {
    const found = release.find((each) => each.kind === kind);
    if (!found) return 0;
    return found.value === null ? counts[kind] : 1;
  };
  return { ip: count('ip'), hwid: count('hwid'), mac: count('mac') };
}

/** The details of a reset's audit event. Its undo names the machines by the instant at which they were released. */
export function resetDetails(what: ResetTarget, released: Readonly<Record<BindingKind, number>>, at: Date) {
  return { what: typeof what === 'string' ? what : `${what.kind} ${what.value}`, released, at };
}

export function createResetLicense({ storage }: ServiceContext): Pick<LicenseService, 'reset' | 'undoReset'> {
  const reset: LicenseService['reset'] = async (input) => {
    const { bindings, counts } = await storage.bindings(input.guildId, input.licenseId, maxBindings);
    const release = bindingsToRelease(input.what, bindings);
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license, now }) => {
      if (!release) return fail({ code: 'binding-not-found' });
      const released = countReleased(release, counts);
      const machines = release.map((one) => ({ ...one, count: released[one.kind] })).filter((one) => one.count > 0);
      return succeed({
        next: { ...license, ownerResets: [], replacements: [] },
        release,
        audit: [auditEvent(input, 'license.reset', `license:${license.id}`, resetDetails(input.what, released, now))],
        effects: machines.length === 0 ? [] : notifyOwner(license, { type: 'reset', machines }, input),
        extra: { released, at: now },
      });
    });
  };

  const undoReset: LicenseService['undoReset'] = async (input) => {
    const subject = `license:${input.licenseId}`;
    const reassignments = { subject, action: 'license.reassigned' } as const;
    const [reassigned] = await storage.audit(input.guildId, reassignments, { limit: 1, beforeId: null });
    /** A new owner must not get the machines of the previous owner. */
    const isReassigned = (now: Date) =>
      reassigned !== undefined && reassigned.at >= input.at && !isFromWrongClock(reassigned.at, undoResetMs, now);
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license, now }) => {
      if (isResetTooOld(input.at, now) || isReassigned(now)) return fail({ code: 'undo-too-late' });
      return succeed({
        next: license,
        undoRelease: input.at,
        audit: [auditEvent(input, 'license.reset-undone', subject)],
        effects: notifyOwner(license, 'reset-undone', input),
        extra: {},
      });
    });
  };

  return { reset, undoReset };
}
