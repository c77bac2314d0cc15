import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';
import type { LicenseRow } from '../../services/licenses/license-view.ts';
import type { Hold } from '../../domain/hold.ts';
import { holdCauses } from '../../texts/holds.ts';
import { describeFurther } from '../../texts/product-names.ts';
import { ellipsize } from './ellipsize.ts';
import { describeExpiry } from './direct-message.ts';
import { escapeText } from './escape-text.ts';
import { maskedKey, mentionUser, relativeTime, fullTime } from './phrases.ts';
import type { Reader } from './denial-card.ts';

interface Named {
  readonly license: License;
  readonly product: Product;
}

/** A license within a sentence: product, key suffix, id. */
export function licenseName({ license, product }: Named): string {
  return `**${escapeText(product.name)}** ${maskedKey(license.keySuffix)} (#${license.id})`;
}

/** The same for titles, choices and buttons, where Discord shows no markdown. */
export function plainLicenseName({ license, product }: Named): string {
  return `${ellipsize(product.name, 60)} …${license.keySuffix} (#${license.id})`;
}

/** A license in an autocomplete choice, for staff. */
export function licenseChoice(row: LicenseRow): string {
  const { license, state, owner } = row;
  const whose = license.ownerId === null ? 'unclaimed' : (owner?.username ?? license.ownerId);
  return [plainLicenseName(row), whose, ...(state === 'active' ? [] : [state])].join(' · ');
}

/** A license in a list, for staff. */
export function describeRow(row: LicenseRow): string {
  const { license, state } = row;
  const further = describeFurther(row, (name) => escapeText(name, 40));
  return [
    licenseName(row),
    ...(further === null ? [] : [`also for ${further}`]),
    describeOwner(license),
    ...(state === 'active' ? [] : [describeState(row, 'staff')]),
    ...(license.expiry.type === 'never' || state === 'expired' ? [] : [`ends: ${describeExpiry(license)}`]),
    ...(license.staff ? ['staff'] : []),
    ...(license.name === null ? [] : [escapeText(license.name, 40)]),
  ].join(' · ');
}

export function describeOwner({ ownerId }: License): string {
  return ownerId === null ? 'unclaimed' : mentionUser(ownerId);
}

/** Those whom the owner shares the license with, and whether they see the key; empty where there are none. */
export function describeHelpers({ helperIds, helpersSeeKey }: License): string {
  const names = helperIds.map(mentionUser).join(', ');
  return helperIds.length > 0 && helpersSeeKey ? `${names} (they see the key)` : names;
}

export function describeState(
  { license, state, graceUntil }: Pick<LicenseRow, 'license' | 'state' | 'graceUntil'>,
  reader: Reader,
): string {
  switch (state) {
    case 'deleted':
      return license.deletedAt ? `Deleted ${relativeTime(license.deletedAt)}` : 'Deleted with its product';
    case 'suspended':
      return `Suspended ${license.holds.map((hold, _, { length }) => describeHold(hold, 200 / length)).join('; and ')}`;
    case 'off':
      return reader === 'owner' ? 'Paused by you' : 'Paused by its owner';
    case 'expired':
      return `${license.expiresAt ? `Expired ${relativeTime(license.expiresAt)}` : 'Expired'}${
        graceUntil === null ? '' : `; programs still accept it until ${fullTime(graceUntil)}`
      }`;
    case 'active':
      return 'Active';
  }
}

/** Why a license is suspended and since when, as it goes on after “suspended”. */
function describeHold({ kind, at, reason }: Hold, maxReason: number): string {
  const said = reason === null ? '' : `: ${escapeText(reason, Math.floor(maxReason))}`;
  return `${holdCauses[kind]} ${relativeTime(at)}${said}`;
}
