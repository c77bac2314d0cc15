import type { RoleUse } from '../../services/role-uses.ts';
import { escapeText } from './escape-text.ts';
import { listWords, mentionRole } from './phrases.ts';

/** A role that licenses give was deleted, for a reply. Discord shows no name for it any more. */
export function describeDeletedRole(roleId: string, uses: readonly RoleUse[]): string {
  return `${mentionRole(roleId)} was deleted. ${describeUses(uses, (name) => `**${escapeText(name)}**`, '`')}`;
}

/** A role was deleted, for the alerts channel, which shows no markdown. */
export function describeDeletedRoleAlert(name: string, uses: readonly RoleUse[]): string {
  return `The role “${name}” was deleted. ${describeUses(uses, (product) => `“${product}”`, '')}`;
}

/** Roles that the bot cannot give or take, because they stand above its own. */
export function describeRolesTooHigh(roleIds: readonly string[]): string {
  const names = listWords(roleIds.map(mentionRole), 'or');
  return `I may not give or take ${names}: in Server Settings → Roles drag my role above, and leave me Manage Roles.`;
}

/** What the role was for, and where another is chosen. `code` stands around what people type. */
function describeUses(uses: readonly RoleUse[], productName: (name: string) => string, code: string): string {
  const products = (type: 'buyer' | 'claim') =>
    uses.flatMap((use) => (use.type === type ? [productName(use.product)] : []));
  const [buyer, claim] = [products('buyer'), products('claim')];
  const actions = uses.flatMap((use) => (use.type === 'staff' ? [`roles.${use.action}`] : []));
  const parts = [
    ...(uses.some(({ type }) => type === 'customer') ? ['the customer role'] : []),
    ...(buyer.length === 0 ? [] : [`the buyer role of ${listWords(buyer)}`]),
    ...(claim.length === 0 ? [] : [`the claim role of ${listWords(claim)}`]),
    ...(actions.length === 0 ? [] : [`in ${listWords(actions)}`]),
  ];
  const where = [
    ...(buyer.length + claim.length > 0 ? [`${code}/product edit${code}`] : []),
    ...(uses.some(({ type }) => type === 'customer' || type === 'staff') ? [`${code}/settings edit${code}`] : []),
  ];
  if (parts.length === 0) return 'Licenses do not give it any more.';
  return `It was ${listWords(parts)}: choose another with ${listWords(where)}.`;
}
