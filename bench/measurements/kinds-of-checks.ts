import type { Protocol } from '../../src/domain/attempt.ts';
import { challenged, firstUse, grantedChecks, mixedChecks, refusedChecks } from '../load/requests.ts';
import type { MeasuredServer } from '../servers.ts';
import type { StorePlace } from '../store/fill-store.ts';
import { type LicenseRange, setLastSeen } from '../store/set-last-seen.ts';
import { fullLicenses } from '../store/world.ts';
import { dayMs } from '../../src/domain/values/calendar.ts';
import type { ContenderPlan } from './measure-set.ts';

/** A running server and the active licenses of its store. */
export interface Stage {
  readonly server: MeasuredServer;
  readonly place: StorePlace;
  readonly licenses: LicenseRange;
}

const protocolTitles = {
  tki: 'TKI Auth',
  faxstore: 'FaxStore',
  sunlicense: 'SunLicense',
  lukittu: 'Lukittu',
  licensegate: 'LicenseGate',
} as const satisfies Record<Protocol, string>;

/** Granted checks of known machines, by protocol. */
export function protocolChecks({ server, licenses }: Stage): readonly ContenderPlan[] {
  return Object.entries(protocolTitles).map(([protocol, name]) => {
    return { name, server, licenses, templates: [grantedChecks[protocol as Protocol]] };
  });
}

export function refusals({ server, licenses }: Stage): readonly ContenderPlan[] {
  const ranges: Readonly<Record<keyof typeof refusedChecks, LicenseRange>> = {
    // The guard takes more different keys for guesses.
    'unknown key': { first: 0, count: 16 },
    blacklisted: licenses,
    'limit reached': { first: licenses.count, count: fullLicenses },
  };
  return Object.entries(refusedChecks).map(([name, template]) => {
    return { name, server, licenses: ranges[name as keyof typeof refusedChecks], templates: [template] };
  });
}

export const firstUses = ({ server, licenses }: Stage): ContenderPlan => {
  return { name: 'first use of a machine', server, licenses, templates: [firstUse] };
};

export const mixed = ({ server, licenses }: Stage): ContenderPlan => {
  return { name: 'mixed checks', server, licenses, templates: mixedChecks };
};

export const challenges = ({ server, licenses }: Stage): ContenderPlan => {
  return { name: 'with challenge', server, licenses, templates: [challenged] };
};

/** More than one server answers in a second. */
const maxPerSecond = 25_000;

/** Checks each of which finds slots that were last seen two days ago, and refreshes them. */
export function refreshingChecks({ server, place, licenses }: Stage, seconds: number): ContenderPlan {
  const count = Math.min(licenses.count, Math.ceil(seconds * maxPerSecond));
  let first = 0;
  return {
    name: 'refreshing',
    server,
    licenses,
    templates: [grantedChecks.tki],
    prepare: async () => {
      const range = { first, count };
      first = first + 2 * count > licenses.count ? 0 : first + count;
      await setLastSeen(place, range, new Date(Date.now() - 2 * dayMs));
      return range;
    },
  };
}
