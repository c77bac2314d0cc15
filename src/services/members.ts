import { system } from '../domain/actor.ts';
import type { KnownUser } from '../domain/snapshot.ts';
import { licenseState } from '../domain/license.ts';
import type { ServiceContext } from './context.ts';
import type { LicenseService } from './licenses/license-service.ts';
import { roleEffects } from './trail.ts';

export interface MemberService {
  /** Does with the member's licenses what `member.onLeave` says; how many were suspended. */
  left(guildId: string, userId: string): Promise<{ readonly suspended: number }>;
  /** Does with the member's licenses what `member.onBan` says. */
  banned(guildId: string, userId: string): Promise<{ readonly suspended: number }>;
  /** Gives the roles that the member's licenses earn. */
  joined(guildId: string, userId: string): Promise<{ readonly effectIds: readonly number[] }>;
  remember(user: KnownUser): Promise<void>;
  /** Roles that the member's licenses earn: customer role and products' buyer roles, of licenses active or off. */
  wantedRoles(guildId: string, userId: string): Promise<readonly string[]>;
}

const reasons = { 'member.onLeave': 'left the server', 'member.onBan': 'was banned from the server' } as const;

export function createMemberService(
  { storage, clock }: ServiceContext,
  licenses: Pick<LicenseService, 'suspend'>,
): MemberService {
  const licensesIn = async (guildId: string, userId: string) =>
    (await storage.licensesOf(userId)).filter((license) => license.guildId === guildId);

  async function gone(setting: keyof typeof reasons, guildId: string, userId: string) {
    const bundle = await storage.bundle(guildId);
    const wanted = bundle?.settings[setting] ?? 'nothing';
    const own = wanted === 'nothing' ? [] : await licensesIn(guildId, userId);
    if (own.length === 0) return { suspended: 0 };
    const reason = reasons[setting];
    if (wanted === 'alert') {
      const text = `User ${userId}, who ${reason}, owns ${own.length} licenses: ${own.map(({ id }) => id).join(', ')}.`;
      await storage.raiseAlert(guildId, { kind: setting, subject: `user:${userId}`, text });
      return { suspended: 0 };
    }
    let suspended = 0;
    for (const { id } of own) {
      const done = await licenses.suspend({ guildId, licenseId: id, actor: system, reason: `Owner ${reason}` });
      if (done.ok) suspended += 1;
    }
    return { suspended };
  }

  return {
    left: (guildId, userId) => gone('member.onLeave', guildId, userId),
    banned: (guildId, userId) => gone('member.onBan', guildId, userId),
    remember: (user) => storage.rememberUser(user),

    async joined(guildId, userId) {
      const own = await licensesIn(guildId, userId);
      const effectIds = own.length === 0 ? [] : await storage.addEffects(guildId, roleEffects(userId));
      return { effectIds };
    },

    async wantedRoles(guildId, userId) {
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
