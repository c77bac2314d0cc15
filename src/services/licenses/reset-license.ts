import { canonicalAddress } from '../../domain/address.ts';
import type { Binding } from '../../domain/binding.ts';
import { type BindingKind, bindingKinds } from '../../domain/limits.ts';
import { fail, succeed } from '../../domain/result.ts';
import { minuteMs } from '../../domain/calendar.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent, notifyOwner } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { LicenseService, ResetWhat } from './license-service.ts';

/** As many bindings a kind as are looked at. */
export const shownBindings = 1000;

/** A reset can be undone so long. */
const undoMs = 15 * minuteMs;

type Release = readonly { readonly kind: BindingKind; readonly value: string | null }[];

/** What a reset forgets; one value as it is stored, addresses also in another spelling. null: no such machine. */
export function releaseOf(what: ResetWhat, bindings: readonly Binding[]): Release | null {
  if (what === 'all') return bindingKinds.map((kind) => ({ kind, value: null }));
  if (typeof what === 'string') return [{ kind: what, value: null }];
  const values = [what.value, what.value.trim(), canonicalAddress(what.value)];
  const found = bindings.find((binding) => binding.kind === what.kind && values.includes(binding.value));
  return found ? [{ kind: found.kind, value: found.value }] : null;
}

/** How many of each kind that forgets. */
export function countReleased(
  release: Release,
  counts: Readonly<Record<BindingKind, number>>,
): Readonly<Record<BindingKind, number>> {
  const count = (wanted: BindingKind) => {
    const found = release.find(({ kind }) => kind === wanted);
    if (!found) return 0;
    return found.value === null ? counts[wanted] : 1;
  };
  return { ip: count('ip'), hwid: count('hwid'), mac: count('mac') };
}

/** What the audit event of a reset says. */
export function describeReset(what: ResetWhat, released: Readonly<Record<BindingKind, number>>) {
  return { what: typeof what === 'string' ? what : `${what.kind} ${what.value}`, released };
}

export function createResetLicense({ storage }: ServiceContext): Pick<LicenseService, 'reset' | 'undoReset'> {
  const reset: LicenseService['reset'] = async (input) => {
    const { bindings, counts } = await storage.bindings(input.guildId, input.licenseId, shownBindings);
    const release = releaseOf(input.what, bindings);
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license, now }) => {
      if (!release) return fail({ code: 'binding-not-found' });
      const released = countReleased(release, counts);
      return succeed({
        next: { ...license, ownerResets: [] },
        release,
        audit: [auditEvent(input, 'license.reset', `license:${license.id}`, describeReset(input.what, released))],
        effects: notifyOwner(license, 'reset', input),
        extra: { released, at: now },
      });
    });
  };

  const undoReset: LicenseService['undoReset'] = async (input) => {
    const subject = `license:${input.licenseId}`;
    const reassignments = { subject, action: 'license.reassigned' } as const;
    const [reassigned] = await storage.audit(input.guildId, reassignments, { limit: 1, beforeId: null });
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license, now }) => {
      // a new owner must not get the machines of the one before
      const isTooLate = now.getTime() - input.at.getTime() > undoMs || (reassigned && reassigned.at >= input.at);
      if (isTooLate) return fail({ code: 'undo-too-late' });
      return succeed({
        next: license,
        undoRelease: input.at,
        audit: [auditEvent(input, 'license.reset-undone', subject)],
        effects: [],
        extra: {},
      });
    });
  };

  return { reset, undoReset };
}
