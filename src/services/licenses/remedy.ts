import { allowsScope, effectiveFeatures } from '../../domain/values/features.ts';
import { type Attempt, countedAddress } from '../../domain/attempt.ts';
import type { Slot } from '../../domain/binding.ts';
import type { BlacklistEntry } from '../../domain/blacklist/blacklist.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import type { BindingKind } from '../../domain/limits.ts';
import { effectiveForgetAfter } from '../../domain/effective-limits.ts';
import { isExpired } from '../../domain/expiry.ts';
import { findReplacement } from '../../domain/slots/slot-replacement.ts';
import { minuteMs } from '../../domain/values/calendar.ts';
import { isPlaceholderHwid } from '../../domain/values/placeholder-hwids.ts';
import type { LicenseView, Remedy } from './license-view.ts';
import { branchRemedy, productRemedy, restoreRemedy, versionRemedy } from './product-remedy.ts';

export interface RemedyFacts {
  readonly view: LicenseView;
  readonly bundle: Bundle;
  readonly now: Date;
  /** The blacklist entry that would deny the client again; null: there is none, or it was no such denial. */
  readonly entry: BlacklistEntry | null;
}

const resolved: Remedy = { type: 'resolved' };
const client: Remedy = { type: 'client' };

/** What would make the next check of a denied client pass, by the current state of license and guild. */
export function remedyFor(attempt: Attempt, facts: RemedyFacts): Remedy {
  const { view, bundle, now } = facts;
  const { license } = view;
  switch (attempt.result) {
    case 'ip-limit':
      return slotRemedy('ip', countedIpOf(attempt, bundle), attempt, facts);
    case 'hwid-limit':
      return slotRemedy('hwid', attempt.hwid, attempt, facts);
    case 'mac-limit':
      return slotRemedy('mac', attempt.mac, attempt, facts);
    case 'ip-blacklisted':
    case 'hwid-blacklisted':
    case 'country-blacklisted':
    case 'user-blacklisted':
    case 'key-blacklisted':
      return facts.entry ? { type: 'unblacklist', entry: facts.entry } : resolved;
    case 'suspended':
      return license.holds.length > 0 ? { type: 'resume' } : resolved;
    case 'switched-off':
      return license.switchedOff ? { type: 'switch-on' } : resolved;
    case 'expired':
      return isExpired(license.expiresAt, now) && view.graceUntil === null ? { type: 'extend' } : resolved;
    case 'license-unknown':
      return view.state === 'deleted' ? restoreRemedy(view) : resolved;
    case 'product-unknown':
    case 'product-mismatch':
      return productRemedy(attempt, facts);
    case 'version-mismatch':
      return versionRemedy(attempt, facts);
    case 'branch-unknown':
    case 'branch-empty':
      return branchRemedy(attempt, facts);
    case 'scope-mismatch': {
      if (allowsScope(license, view.product, attempt.scope)) return resolved;
      const allowed = [license.scope ?? '', ...effectiveFeatures(license, view.product)];
      return { type: 'right-scope', allowed: allowed.filter((text) => text !== ''), asked: attempt.scope };
    }
    case 'points-spent': {
      const { left, amount, interval } = view.points;
      return left === null || left > 0 ? resolved : { type: 'more-points', isRefilled: !!amount && interval !== null };
    }
    case 'malformed': {
      const isRefused = bundle.settings['hwid.placeholders'] === 'refuse';
      return isRefused && attempt.hwid !== null && isPlaceholderHwid(attempt.hwid) ? { type: 'own-hwid' } : client;
    }
    case 'customer-mismatch':
    case 'rate-limited':
    case 'store-unavailable':
      return client;
    case 'granted':
      return resolved;
  }
}

/**
 * The address that IP limits counted. Attempts of SunLicense's clients that were stored before `countedIp` was do not
 * tell; the guild's present setting then says which of the two it would be.
 */
function countedIpOf(attempt: Attempt, { settings }: Bundle): string {
  const isObserved = attempt.protocol === 'sunlicense' && !settings['sunlicense.acceptDeclaredIp'];
  return countedAddress({ ...attempt, countedIp: attempt.countedIp ?? (isObserved ? 'observed' : 'declared') });
}

function slotRemedy(kind: BindingKind, value: string | null, attempt: Attempt, facts: RemedyFacts): Remedy {
  const { view, bundle, now } = facts;
  const limit = view.limits[kind];
  if (limit === 0) return { type: 'raise-limit', kind, value };
  const live = liveSlots(kind, facts);
  if (limit === null || live.length < limit || live.some((binding) => binding.value === value)) return resolved;
  const hwids = view.limits.hwid === null ? [] : liveSlots('hwid', facts);
  const replacement = findReplacement({
    kind,
    value: value ?? '',
    limit,
    slots: live,
    settings: bundle.settings,
    knownHwid: hwids.find((binding) => binding.value === attempt.hwid)?.value ?? null,
    replacements: view.license.replacements,
    now,
  });
  if (replacement !== null) return resolved;
  const holders = live.toSorted((a, b) => a.lastSeenAt.getTime() - b.lastSeenAt.getTime());
  return { type: 'release', kind, value, limit, holders };
}

/** The slots of a kind as a check sees them now. */
function liveSlots(kind: BindingKind, { view, bundle, now }: RemedyFacts): readonly Slot[] {
  const forgetAfter = effectiveForgetAfter(view.license, bundle.settings)[kind];
  return view.bindings.filter(
    ({ kind: own, lastSeenAt }) =>
      own === kind && (forgetAfter === null || now.getTime() - lastSeenAt.getTime() < forgetAfter * minuteMs),
  );
}
