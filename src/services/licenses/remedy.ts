import { type Attempt, countedAddress } from '../../domain/attempt.ts';
import type { Binding } from '../../domain/binding.ts';
import type { BlacklistEntry } from '../../domain/blacklist/blacklist.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import type { BindingKind } from '../../domain/limits.ts';
import { effectiveForgetAfter } from '../../domain/effective-limits.ts';
import { isExpired } from '../../domain/expiry.ts';
import { minuteMs } from '../../domain/values/calendar.ts';
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

/** What would make the next check of a denied client pass, by the current state of license and guild. */
export function remedyFor(attempt: Attempt, facts: RemedyFacts): Remedy {
  const { view, bundle, now } = facts;
  const { license } = view;
  switch (attempt.result) {
    case 'ip-limit':
      return slotRemedy('ip', countedIpOf(attempt, bundle), facts);
    case 'hwid-limit':
      return slotRemedy('hwid', attempt.hwid, facts);
    case 'mac-limit':
      return slotRemedy('mac', attempt.mac, facts);
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
      return isExpired(license.expiresAt, now) ? { type: 'extend' } : resolved;
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
      const { scope } = license;
      const passes = scope === null || scope === '' || scope === attempt.scope;
      return passes ? resolved : { type: 'right-scope', scope, asked: attempt.scope };
    }
    case 'points-spent': {
      const { left, amount, interval } = view.points;
      return left === null || left > 0 ? resolved : { type: 'more-points', isRefilled: !!amount && interval !== null };
    }
    case 'customer-mismatch':
    case 'malformed':
    case 'rate-limited':
    case 'store-unavailable':
      return { type: 'client' };
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

function slotRemedy(kind: BindingKind, value: string | null, { view, bundle, now }: RemedyFacts): Remedy {
  const limit = view.limits[kind];
  if (limit === 0) return { type: 'raise-limit', kind, value };
  const forgetAfter = effectiveForgetAfter(view.license, bundle.settings)[kind];
  const isLive = ({ lastSeenAt }: Binding) =>
    forgetAfter === null || now.getTime() - lastSeenAt.getTime() < forgetAfter * minuteMs;
  const live = view.bindings.filter((binding) => binding.kind === kind && isLive(binding));
  const isFull = limit !== null && live.length >= limit && !live.some((binding) => binding.value === value);
  if (!isFull) return resolved;
  const holders = live.toSorted((a, b) => a.lastSeenAt.getTime() - b.lastSeenAt.getTime());
  return { type: 'release', kind, value, limit, holders };
}
