import { system } from '../domain/actor.ts';
import { findHold } from '../domain/hold.ts';
import { type License, licenseState } from '../domain/license.ts';
import type { Storage } from '../storage/port/storage.ts';
import { describeMemberGone, describeMemberReturned } from './alert-texts.ts';
import type { By, ServiceContext } from './context.ts';
import type { LicenseService } from './licenses/license-service.ts';

/** The settings that say what happens to the licenses of a member who is gone, with what became of the member. */
const departures = { 'member.onLeave': 'left the server', 'member.onBan': 'was banned from the server' } as const;
type Departure = keyof typeof departures;

/** The reason of the hold of a license whose owner is gone. It says that no person of the staff set it. */
function suspensionReason(departure: Departure): string {
  return `Owner ${departures[departure]} (automatic: ${departure})`;
}

export interface Departures {
  /** A member has gone: does with their licenses what the setting says. Returns how many got the hold `left`. */
  readonly gone: (departure: Departure, guildId: string, userId: string) => Promise<{ readonly suspended: number }>;
  /** Offers staff by an alert to lift the hold `left` of what the departure of this user suspended. */
  readonly offerToResume: (guildId: string, userId: string) => Promise<void>;
  /** The licenses that the departure of this user suspended and that still are, newest first. */
  readonly suspendedOf: (guildId: string, userId: string) => Promise<readonly License[]>;
  /** Lifts that hold and no other. Returns the licenses that had it, with the effects of that. */
  readonly resume: (
    input: By & { readonly userId: string },
  ) => Promise<{ readonly licenses: readonly License[]; readonly effectIds: readonly number[] }>;
}

/** The licenses in this guild that the user owns, newest first. */
export async function licensesIn(
  storage: Pick<Storage, 'licensesOf'>,
  guildId: string,
  userId: string,
): Promise<readonly License[]> {
  return (await storage.licensesOf(userId)).filter((license) => license.guildId === guildId);
}

/** The licenses in this guild that are shared with the user, newest first. */
export async function licensesHelpedIn(
  storage: Pick<Storage, 'licensesHelpedBy'>,
  guildId: string,
  userId: string,
): Promise<readonly License[]> {
  return (await storage.licensesHelpedBy(userId)).filter((license) => license.guildId === guildId);
}

export const memberReturnedAlert = 'member.returned';

export function createDepartures(
  { storage, clock }: ServiceContext,
  licenses: Pick<LicenseService, 'suspend' | 'resume'>,
): Departures {
  async function suspendedOf(guildId: string, userId: string): Promise<readonly License[]> {
    const bundle = await storage.bundle(guildId);
    return (await licensesIn(storage, guildId, userId)).filter(
      (license) =>
        findHold(license.holds, 'left') &&
        licenseState(license, bundle?.products.byId(license.productId) ?? null, clock()) === 'suspended',
    );
  }

  return {
    suspendedOf,

    async gone(departure, guildId, userId) {
      const bundle = await storage.bundle(guildId);
      const action = bundle?.settings[departure] ?? 'nothing';
      const owned = action === 'nothing' ? [] : await licensesIn(storage, guildId, userId);
      if (owned.length === 0) return { suspended: 0 };
      if (action === 'alert') {
        const licenseIds = owned.map(({ id }) => id);
        const text = describeMemberGone(userId, departures[departure], licenseIds);
        await storage.raiseAlert(guildId, { kind: departure, subject: `user:${userId}`, text });
        return { suspended: 0 };
      }
      let suspended = 0;
      for (const { id } of owned) {
        const reason = suspensionReason(departure);
        const done = await licenses.suspend({ guildId, licenseId: id, actor: system, hold: 'left', reason });
        if (done.ok) suspended += 1;
      }
      return { suspended };
    },

    async offerToResume(guildId, userId) {
      const licenseIds = (await suspendedOf(guildId, userId)).map(({ id }) => id);
      if (licenseIds.length === 0) return;
      const text = describeMemberReturned(userId, licenseIds);
      await storage.raiseAlert(guildId, { kind: memberReturnedAlert, subject: `user:${userId}`, text });
    },

    async resume({ userId, ...by }) {
      const resumed: License[] = [];
      const effectIds: number[] = [];
      for (const { id: licenseId } of await suspendedOf(by.guildId, userId)) {
        const done = await licenses.resume({ ...by, licenseId, hold: 'left', reason: 'Owner is back' });
        if (!done.ok) continue;
        resumed.push(done.value.license);
        effectIds.push(...done.value.effectIds);
      }
      return { licenses: resumed, effectIds };
    },
  };
}
