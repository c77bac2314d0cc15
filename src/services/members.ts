import { system } from '../domain/actor.ts';
import type { KnownUser } from '../domain/snapshot.ts';
import { licenseState } from '../domain/license.ts';
import { describeMemberGone } from './alert-texts.ts';
import type { ServiceContext } from './context.ts';
import type { LicenseService } from './licenses/license-service.ts';
import { findRoleUses, type RoleUse } from './role-uses.ts';
import { roleEffects } from './trail.ts';

export interface MemberService {
  /** A member has left: does with their licenses what `member.onLeave` says. Returns how many it suspended. */
  left(guildId: string, userId: string): Promise<{ readonly suspended: number }>;
  /** A member was banned: does with their licenses what `member.onBan` says. Returns how many it suspended. */
  banned(guildId: string, userId: string): Promise<{ readonly suspended: number }>;
  /** A member has joined: queues the roles that their licenses earn. */
  joined(guildId: string, userId: string): Promise<{ readonly effectIds: readonly number[] }>;
  /** Stores a user's current name. */
  remember(user: KnownUser): Promise<void>;
  /**
   * The roles that a member's licenses earn: the guild's customer role and the products' buyer roles. A license earns
   * them while it is active or switched off.
   */
  earnedRoles(guildId: string, userId: string): Promise<readonly string[]>;
  /** What a role is set for in the guild. */
  roleUses(guildId: string, roleId: string): Promise<readonly RoleUse[]>;
}

/** What became of the member, as reasons and alerts say it. */
const departures = { 'member.onLeave': 'left the server', 'member.onBan': 'was banned from the server' } as const;

export function createMemberService(
  { storage, clock }: ServiceContext,
  licenses: Pick<LicenseService, 'suspend'>,
): MemberService {
  const licensesIn = async (guildId: string, userId: string) =>
    (await storage.licensesOf(userId)).filter((license) => license.guildId === guildId);

  async function handleDeparture(setting: keyof typeof departures, guildId: string, userId: string) {
    const bundle = await storage.bundle(guildId);
    const action = bundle?.settings[setting] ?? 'nothing';
    const owned = action === 'nothing' ? [] : await licensesIn(guildId, userId);
    if (owned.length === 0) return { suspended: 0 };
    const departure = departures[setting];
    if (action === 'alert') {
      const licenseIds = owned.map(({ id }) => id);
      const text = describeMemberGone(userId, departure, licenseIds);
      await storage.raiseAlert(guildId, { kind: setting, subject: `user:${userId}`, text });
      return { suspended: 0 };
    }
    let suspended = 0;
    for (const { id } of owned) {
      const done = await licenses.suspend({ guildId, licenseId: id, actor: system, reason: `Owner ${departure}` });
      if (done.ok) suspended += 1;
    }
    return { suspended };
  }

  return {
    left: (guildId, userId) => handleDeparture('member.onLeave', guildId, userId),
    banned: (guildId, userId) => handleDeparture('member.onBan', guildId, userId),
    remember: (user) => storage.rememberUser(user),

    async joined(guildId, userId) {
      const owned = await licensesIn(guildId, userId);
      const effectIds = owned.length === 0 ? [] : await storage.addEffects(guildId, roleEffects(userId));
      return { effectIds };
    },

    async roleUses(guildId, roleId) {
      const bundle = await storage.bundle(guildId);
      return bundle ? findRoleUses(bundle, roleId) : [];
    },

    async earnedRoles(guildId, userId) {
      const bundle = await storage.bundle(guildId);
      if (!bundle) return [];
      const now = clock();
      const products = (await licensesIn(guildId, userId)).flatMap((license) => {
        const product = bundle.products.byId(license.productId);
        const state = licenseState(license, product, now);
        return product && (state === 'active' || state === 'off') ? [product] : [];
      });
      if (products.length === 0) return [];
      const roles = [bundle.settings['roles.customer'], ...products.map(({ buyerRoleId }) => buyerRoleId)];
      return [...new Set(roles.filter((role) => role !== null))];
    },
  };
}
