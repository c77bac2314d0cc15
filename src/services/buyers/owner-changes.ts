import type { CommandError } from '../../domain/command-error.ts';
import { isFreeToRelease, nextReset, withinLast30Days } from '../../domain/resets.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import type { FoundLicense, LicenseEdit } from '../licenses/change-license.ts';
import type { ResetDone } from '../licenses/license-service.ts';
import { countReleased, resetDetails, bindingsToRelease, maxBindings } from '../licenses/reset-license.ts';
import { moveSwitch } from '../licenses/switch-license.ts';
import { auditEvent } from '../trail.ts';
import type { BuyerService } from './buyer-service.ts';
import { changeOwned, isOwnerOrHelper, userActor } from './change-owned.ts';
import { findOwned, findOwnOrHelped } from './find-owned.ts';

type Forgotten = Pick<ResetDone, 'released' | 'at'>;

/**
 * What owners may change of their licenses: reset them within the guild's limits, and switch them off and on. Helpers may
 * reset one machine, within the same limits.
 */
export function createOwnerChanges({ storage }: ServiceContext): Pick<BuyerService, 'reset' | 'switch'> {
  const reset: BuyerService['reset'] = async (input) => {
    const theirs = await findOwnOrHelped(storage, input);
    if (!theirs.ok) return theirs;
    const { guildId, ownerId } = theirs.value;
    const isHelper = ownerId !== input.userId;
    if (isHelper && typeof input.what === 'string') return fail({ code: 'one-machine-only' });
    const { bindings, counts } = await storage.bindings(guildId, input.licenseId, maxBindings);
    const release = bindingsToRelease(input.what, bindings);
    const isReleased = (kind: string, value: string) =>
      !!release?.some((each) => each.kind === kind && (each.value === null || each.value === value));
    const bindingsReleased = bindings.filter(({ kind, value }) => isReleased(kind, value));
    const edit = ({ license, bundle, now }: FoundLicense): Result<LicenseEdit<Forgotten>, CommandError> => {
      if (!release || bindingsReleased.length === 0) return fail({ code: 'binding-not-found' });
      const isFree = bindingsReleased.every((binding) => isFreeToRelease(binding, now));
      const next = isFree ? null : nextReset(license.ownerResets, bundle.settings, now);
      if (next === 'off') return fail({ code: 'reset-off' });
      if (next) return fail({ code: 'reset-wait', until: next });
      const recent = withinLast30Days(license.ownerResets, now);
      const released = countReleased(release, counts);
      const by = isHelper ? { byHelper: true } : { byOwner: true };
      const details = { ...resetDetails(input.what, released, now), ...by };
      return succeed({
        next: { ...license, ownerResets: isFree ? recent : [...recent, now] },
        release,
        audit: [auditEvent({ actor: userActor(input) }, 'license.reset', `license:${license.id}`, details)],
        effects: [],
        extra: { released, at: now },
      });
    };
    return changeOwned(storage, input, guildId, edit, isOwnerOrHelper);
  };

  const switchOwned: BuyerService['switch'] = async (input) => {
    const owned = await findOwned(storage, input);
    if (!owned.ok) return owned;
    const { guildId } = owned.value;
    return changeOwned(storage, input, guildId, (found) => {
      // “Paused until you switch it on” would not be true of a license whose checks are refused anyway.
      if (!input.on && found.license.holds.length > 0) return fail({ code: 'pause-suspended' });
      return moveSwitch({ guildId, actor: userActor(input), on: input.on }, found);
    });
  };

  return { reset, switch: switchOwned };
}
