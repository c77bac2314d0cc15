import type { Actor } from '../../domain/actor.ts';
import { addDays } from '../../domain/calendar.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { isFreeToRelease, nextReset } from '../../domain/resets.ts';
import { fail, type Result, succeed } from '../../domain/result.ts';
import type { ServiceContext } from '../context.ts';
import { changeLicense, type LicenseEdit, type Found } from '../licenses/change-license.ts';
import { countReleased, describeReset, releaseOf, shownBindings } from '../licenses/reset-license.ts';
import { switched } from '../licenses/switch-license.ts';
import { auditEvent } from '../trail.ts';
import type { BuyerService, OwnLicense } from './buyer-service.ts';
import { findOwned } from './find-owned.ts';

/** What an owner may do to a license: reset it within the guild's limits, and switch it off and on. */
export function createOwnerChanges({ storage }: ServiceContext): Pick<BuyerService, 'reset' | 'switch'> {
  /** Whether it is theirs is asked again inside the change: it may be reassigned in between. */
  async function changeOwn<E extends object>(
    own: OwnLicense,
    guildId: string,
    change: (seen: Found) => Result<LicenseEdit<E>, CommandError>,
  ) {
    const changed = await changeLicense(storage, { guildId, ref: { id: own.licenseId } }, (seen) =>
      seen.license.ownerId === own.userId ? change(seen) : fail({ code: 'license-not-found' }),
    );
    const isGone = !changed.ok && changed.error.code === 'license-deleted';
    return isGone ? fail<CommandError>({ code: 'license-not-found' }) : changed;
  }

  const reset: BuyerService['reset'] = async (input) => {
    const own = await findOwned(storage, input);
    if (!own.ok) return own;
    const { guildId } = own.value;
    const { bindings, counts } = await storage.bindings(guildId, input.licenseId, shownBindings);
    const release = releaseOf(input.what, bindings);
    const isMeant = (kind: string, value: string) =>
      !!release?.some((each) => each.kind === kind && (each.value === null || each.value === value));
    const meant = bindings.filter(({ kind, value }) => isMeant(kind, value));
    return changeOwn(input, guildId, ({ license, bundle, now }) => {
      if (!release || meant.length === 0) return fail({ code: 'binding-not-found' });
      const isFree = meant.every((binding) => isFreeToRelease(binding, now));
      const next = isFree ? null : nextReset(license.ownerResets, bundle.settings, now);
      if (next === 'off') return fail({ code: 'reset-off' });
      if (next) return fail({ code: 'reset-wait', until: next });
      const recent = license.ownerResets.filter((at) => at.getTime() > addDays(now, -30).getTime());
      const released = countReleased(release, counts);
      const details = { ...describeReset(input.what, released), byOwner: true };
      return succeed({
        next: { ...license, ownerResets: isFree ? recent : [...recent, now] },
        release,
        audit: [auditEvent({ actor: userActor(input) }, 'license.reset', `license:${license.id}`, details)],
        effects: [],
        extra: { released, at: now },
      });
    });
  };

  const switchOwn: BuyerService['switch'] = async (input) => {
    const own = await findOwned(storage, input);
    if (!own.ok) return own;
    const { guildId } = own.value;
    return changeOwn(input, guildId, (seen) => switched({ guildId, actor: userActor(input), on: input.on }, seen));
  };

  return { reset, switch: switchOwn };
}

function userActor({ userId }: OwnLicense): Actor {
  return { type: 'user', id: userId };
}
