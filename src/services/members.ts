import type { KnownUser } from '../domain/snapshot.ts';
import { graceEnd } from '../domain/expiry.ts';
import { type License, licenseState } from '../domain/license.ts';
import { productsOf } from '../domain/license-products.ts';
import type { ClockService } from './clock.ts';
import type { ServiceContext } from './context.ts';
import { createDepartures, type Departures, licensesHelpedIn, licensesIn } from './departures.ts';
import { findDenyingEntry } from './licenses/denying-entries.ts';
import type { LicenseService } from './licenses/license-service.ts';
import { findRoleUses, type RoleUse } from './role-uses.ts';
import { roleEffects } from './trail.ts';

export interface MemberService {
  /** A member has left: does with their licenses what `member.onLeave` says. Returns how many it suspended. */
  left(guildId: string, userId: string): Promise<{ readonly suspended: number }>;
  /** A member was banned: does with their licenses what `member.onBan` says. Returns how many it suspended. */
  banned(guildId: string, userId: string): Promise<{ readonly suspended: number }>;
  /**
   * A member has joined: queues the roles that their licenses earn, and offers staff by an alert to resume what their
   * departure suspended.
   */
  joined(guildId: string, userId: string): Promise<{ readonly effectIds: readonly number[] }>;
  /** The licenses of this user that `member.onLeave` or `member.onBan` suspended and that still are, newest first. */
  suspendedByDeparture: Departures['suspendedOf'];
  /** Resumes those. Returns which were resumed, with the effects of that. */
  resumeAfterDeparture: Departures['resume'];
  /** Stores a user's current name. */
  remember(user: KnownUser): Promise<void>;
  /**
   * The roles that a member's licenses earn, their own and those that are shared with them: the guild's customer role
   * and the buyer roles of all of their products. A license earns them while it is active, switched off or in its days
   * of grace; it does not lose them by a clock that cannot be believed. Shared licenses earn nothing for a member who is
   * blacklisted.
   */
  earnedRoles(guildId: string, userId: string): Promise<readonly string[]>;
  /** What a role is set for in the guild. */
  roleUses(guildId: string, roleId: string): Promise<readonly RoleUse[]>;
}

export function createMemberService(
  context: ServiceContext,
  licenses: Pick<LicenseService, 'suspend' | 'resume'>,
  time: Pick<ClockService, 'believedNow'>,
): MemberService {
  const { storage } = context;
  const departures = createDepartures(context, licenses);

  async function earningLicenses(guildId: string, userId: string, now: Date): Promise<readonly License[]> {
    const owned = await licensesIn(storage, guildId, userId);
    const helped = await licensesHelpedIn(storage, guildId, userId);
    if (helped.length === 0) return owned;
    const isBlacklisted = (await findDenyingEntry(storage, guildId, 'user', [userId], now)) !== null;
    return isBlacklisted ? owned : [...owned, ...helped];
  }

  return {
    left: (guildId, userId) => departures.gone('member.onLeave', guildId, userId),
    banned: (guildId, userId) => departures.gone('member.onBan', guildId, userId),
    suspendedByDeparture: departures.suspendedOf,
    resumeAfterDeparture: departures.resume,
    remember: (user) => storage.rememberUser(user),

    async joined(guildId, userId) {
      const owned = await licensesIn(storage, guildId, userId);
      if (owned.length > 0) await departures.offerToResume(guildId, userId);
      else if ((await licensesHelpedIn(storage, guildId, userId)).length === 0) return { effectIds: [] };
      return { effectIds: await storage.addEffects(guildId, roleEffects(userId)) };
    },

    async roleUses(guildId, roleId) {
      const bundle = await storage.bundle(guildId);
      return bundle ? findRoleUses(bundle, roleId) : [];
    },

    async earnedRoles(guildId, userId) {
      const bundle = await storage.bundle(guildId);
      if (!bundle) return [];
      const now = await time.believedNow();
      const products = (await earningLicenses(guildId, userId, now)).flatMap((license) => {
        const product = bundle.products.byId(license.productId);
        const state = licenseState(license, product, now);
        const isInGrace = product !== null && graceEnd(license.expiresAt, product.graceDays, now) !== null;
        const earns = state === 'active' || state === 'off' || (state === 'expired' && isInGrace);
        return product && earns ? productsOf(license, product, bundle.products) : [];
      });
      if (products.length === 0) return [];
      const roles = [bundle.settings['roles.customer'], ...products.map(({ buyerRoleId }) => buyerRoleId)];
      return [...new Set(roles.filter((role) => role !== null))];
    },
  };
}
