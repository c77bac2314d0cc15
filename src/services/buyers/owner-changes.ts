import type { Actor } from '../../domain/actor.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { isFreeToRelease, nextReset, withinLast30Days } from '../../domain/resets.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { changeLicense, type LicenseEdit, type FoundLicense } from '../licenses/change-license.ts';
import { countReleased, resetDetails, bindingsToRelease, maxBindings } from '../licenses/reset-license.ts';
import { moveSwitch } from '../licenses/switch-license.ts';
import { auditEvent } from '../trail.ts';
import type { BuyerService, OwnedLicense } from './buyer-service.ts';
import { findOwned } from './find-owned.ts';

/** What owners may change of their licenses: reset them within the guild's limits, and switch them off and on. */
export function createOwnerChanges({ storage }: ServiceContext): Pick<BuyerService, 'reset' | 'switch'> {
  /** Asks again inside the change whether the user owns the license, since it may have been reassigned in between. */
  async function changeOwned<E extends object>(
    owned: OwnedLicense,
    guildId: string,
    change: (found: FoundLicense) => Result<LicenseEdit<E>, CommandError>,
  ) {
    const changed = await changeLicense(storage, { guildId, ref: { id: owned.licenseId } }, (found) =>
      found.license.ownerId === owned.userId ? change(found) : fail({ code: 'license-not-found' }),
    );
    const isGone = !changed.ok && changed.error.code === 'license-deleted';
    return isGone ? fail<CommandError>({ code: 'license-not-found' }) : changed;
  }

  const reset: BuyerService['reset'] = async (input) => {
    const owned = await findOwned(storage, input);
    if (!owned.ok) return owned;
    const { guildId } = owned.value;
    const { bindings, counts } = await storage.bindings(guildId, input.licenseId, maxBindings);
    const release = bindingsToRelease(input.what, bindings);
    const isReleased = (kind: string, value: string) =>
      !!release?.some((each) => each.kind === kind && (each.value === null || each.value === value));
    const bindingsReleased = bindings.filter(({ kind, value }) => isReleased(kind, value));
    return changeOwned(input, guildId, ({ license, bundle, now }) => {
      if (!release || bindingsReleased.length === 0) return fail({ code: 'binding-not-found' });
      const isFree = bindingsReleased.every((binding) => isFreeToRelease(binding, now));
      const next = isFree ? null : nextReset(license.ownerResets, bundle.settings, now);
      if (next === 'off') return fail({ code: 'reset-off' });
      if (next) return fail({ code: 'reset-wait', until: next });
      const recent = withinLast30Days(license.ownerResets, now);
      const released = countReleased(release, counts);
      const details = { ...resetDetails(input.what, released, now), byOwner: true };
      return succeed({
        next: { ...license, ownerResets: isFree ? recent : [...recent, now] },
        release,
        audit: [auditEvent({ actor: userActor(input) }, 'license.reset', `license:${license.id}`, details)],
        effects: [],
        extra: { released, at: now },
      });
    });
  };

  const switchOwned: BuyerService['switch'] = async (input) => {
    const owned = await findOwned(storage, input);
    if (!owned.ok) return owned;
    const { guildId } = owned.value;
    return changeOwned(input, guildId, (found) => {
      // “Paused until you switch it on” would not be true of a license whose checks are refused anyway.
      if (!input.on && found.license.holds.length > 0) return fail({ code: 'pause-suspended' });
      return moveSwitch({ guildId, actor: userActor(input), on: input.on }, found);
    });
  };

  return { reset, switch: switchOwned };
}

function userActor({ userId }: OwnedLicense): Actor {
  return { type: 'user', id: userId };
}
