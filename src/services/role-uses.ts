import type { Bundle } from '../domain/snapshot.ts';
import { roleSetting, type StaffAction, staffActions } from '../domain/settings/staff-actions.ts';

/** What a guild has set a role for. `buyer` and `claim` name the product. */
export type RoleUse =
  | { readonly type: 'customer' }
  | { readonly type: 'buyer' | 'claim'; readonly product: string }
  | { readonly type: 'staff'; readonly action: StaffAction };

/** Everything that this guild has set the role for; nothing is left out but deleted products. */
export function findRoleUses({ settings, products }: Bundle, roleId: string): readonly RoleUse[] {
  return [
    ...(settings['roles.customer'] === roleId ? [{ type: 'customer' } as const] : []),
    ...products
      .all()
      .flatMap(({ name, buyerRoleId, claimRoleId }) => [
        ...(buyerRoleId === roleId ? [{ type: 'buyer', product: name } as const] : []),
        ...(claimRoleId === roleId ? [{ type: 'claim', product: name } as const] : []),
      ]),
    ...staffActions
      .filter((action) => settings[roleSetting(action)]?.includes(roleId))
      .map((action) => ({ type: 'staff', action }) as const),
  ];
}
