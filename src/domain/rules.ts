import type { BlacklistEntry } from './blacklist.ts';
import type { Denial } from './denial.ts';
import { isExpired } from './expiry.ts';
import { hasKeyFormat, keyFormatOf } from './key-format.ts';
import type { License } from './license.ts';
import type { BindingKind } from './limits.ts';
import { arePointsSpent } from './points.ts';
import type { Product, Release } from './product.ts';
import { hasSlot, type SlotCheck, slotUse } from './slots.ts';
import { foldText } from './text.ts';
import { versionPasses } from './versions.ts';

/** What rules may look at: the request, the snapshot, and what was found for them. */
export interface Check extends SlotCheck {
  /** The license with its own product; null: there is no license, or its product is deleted. */
  readonly licensed: { readonly license: License; readonly product: Product } | null;
  /** The product that the request is about; null: not found, or not named. */
  readonly product: Product | null;
}

/** Why a rule denies a request. */
export interface Objection {
  readonly denial: Denial;
  /** The sentence that the protocol answers, where the denial alone does not determine it. */
  readonly detail: string | null;
  /** The blacklist entry that denied the request, whose hits are counted. */
  readonly entry: BlacklistEntry | null;
}

/** One rule of a check; null: the request passes. Rules about a license pass where there is none. */
export type Rule = (check: Check) => Objection | null;

/** From a guarded address only a machine passes that holds a live slot of the license. */
export const guarded: Rule = (check) => denyIf(!holdsSlot(check), 'rate-limited');

function holdsSlot(check: Check): boolean {
  const { licensed } = check;
  if (licensed === null) return false;
  const { license, product } = licensed;
  return (['ip', 'hwid'] as const).some((kind) => slotUse(check, license, product, kind)?.live);
}

/** The request could not be understood. */
export const malformed: Rule = ({ request }) =>
  request.malformed === null ? null : { denial: 'malformed', detail: request.malformed, entry: null };

/** The guild has switched the route off, which answers like a request that could not be understood. */
export function routeOff(setting: 'faxstore.v1'): Rule {
  return ({ snapshot: { bundle } }) => denyIf(!bundle.settings[setting], 'malformed');
}

/** The guild requires a HWID and the request sends none; `detail` is the protocol's sentence for that. */
export function hwidMissing(setting: 'tki.requireHwid' | 'lukittu.requireHwid', detail: string): Rule {
  return ({ request, snapshot }) =>
    request.hwid === null && snapshot.bundle.settings[setting] ? { denial: 'malformed', detail, entry: null } : null;
}

/**
 * The key has neither the protocol's form nor the guild's key format, and no license has it. `detail` is the protocol's
 * sentence for that.
 */
export function keyMalformed(form: RegExp, detail: string): Rule {
  return ({ request: { key }, licensed, snapshot: { bundle } }) => {
    if (key === null || licensed !== null || form.test(key)) return null;
    return hasKeyFormat(key, keyFormatOf(bundle.settings)) ? null : { denial: 'malformed', detail, entry: null };
  };
}

/** The declared or the observed address is blacklisted. */
export const ipBlacklisted: Rule = ({ request, snapshot: { bundle, now } }) => {
  const texts = [request.declaredIp, request.observedIp].filter((text) => text !== null);
  return blocked('ip-blacklisted', bundle.blacklist.findIp(texts, now));
};

export const countryBlacklisted: Rule = (check) => listed(check, 'country', check.request.country);

export const hwidBlacklisted: Rule = (check) =>
  listed(check, 'hwid', check.request.hwid === null ? null : foldText(check.request.hwid));

export const keyBlacklisted: Rule = (check) => listed(check, 'key', check.snapshot.keyHash);

/** The license's owner is blacklisted. */
export const userBlacklisted: Rule = (check) => listed(check, 'user', check.licensed?.license.ownerId ?? null);

/** No license has the key, or the license is deleted, also with its product. */
export const licenseUnknown: Rule = ({ licensed }) => denyIf(licensed === null, 'license-unknown');

export const productUnknown: Rule = ({ product }) => denyIf(product === null, 'product-unknown');

/** The product is unknown. Staff licenses pass, since they run any product, known or not. */
export const productUnknownUnlessStaff: Rule = ({ product, licensed }) =>
  denyIf(product === null && licensed?.license.staff !== true, 'product-unknown');

export const productMismatch: Rule = ({ product, licensed }) =>
  denyIf(
    product !== null && licensed !== null && !licensed.license.staff && product.id !== licensed.product.id,
    'product-mismatch',
  );

export const versionMismatch: Rule = ({ product, licensed, request }) =>
  denyIf(
    product !== null && licensed?.license.staff !== true && !versionPasses(product, request.version),
    'version-mismatch',
  );

/** The license has an owner, and the request names another customer, or none where the guild requires one. */
export const customerMismatch: Rule = ({ request, snapshot: { customerId, bundle } }) => {
  const isWrong =
    request.customerId === null ? bundle.settings['lukittu.strictCustomers'] : request.customerId !== customerId;
  return denyIf(customerId !== null && isWrong, 'customer-mismatch');
};

/** The request names another product than the license's own, or none where the guild requires one. */
export const productMismatchOrUnnamed: Rule = ({ request, product, licensed, snapshot: { bundle } }) => {
  if (licensed === null || licensed.license.staff) return null;
  const isWrong =
    request.product === null ? bundle.settings['lukittu.strictProducts'] : product?.id !== licensed.product.id;
  return denyIf(isWrong, 'product-mismatch');
};

/** No release of the product is on the branch. */
export const branchUnknown: Rule = (check) =>
  denyIf(check.request.branch !== null && releasesAsked(check)?.length === 0, 'branch-unknown');

/** No release on the branch is published. */
export const branchEmpty: Rule = (check) =>
  denyIf(check.request.branch !== null && releasesAsked(check)?.some(isPublished) === false, 'branch-empty');

/** Releases are published, and the request names none of them, or no version where the guild requires one. */
export const releaseUnknown: Rule = (check) => {
  const { version } = check.request;
  const published = releasesAsked(check)?.filter(isPublished) ?? [];
  const isWrong =
    version === null
      ? check.snapshot.bundle.settings['lukittu.strictReleases']
      : !published.some((release) => release.version === version);
  return denyIf(published.length > 0 && isWrong, 'version-mismatch');
};

/**
 * The releases of the license's product on the branch that the request names, or on all branches where it names none.
 * null: the request does not name the product, or the license is a staff license, which runs any release.
 */
function releasesAsked({ request, product, licensed }: Check): readonly Release[] | null {
  if (request.product === null || licensed?.license.staff !== false || product?.id !== licensed.product.id) return null;
  return product.releases.filter(({ branch }) => request.branch === null || branch === request.branch);
}

function isPublished({ status }: Release): boolean {
  return status === 'published';
}

export const suspended: Rule = ({ licensed }) => denyIf(!!licensed?.license.suspension, 'suspended');

export const switchedOff: Rule = ({ licensed }) => denyIf(!!licensed?.license.switchedOff, 'switched-off');

export const expired: Rule = ({ licensed, snapshot }) =>
  denyIf(licensed !== null && isExpired(licensed.license.expiresAt, snapshot.now), 'expired');

/** The license has a scope, and the request names another or none. */
export const scopeMismatch: Rule = ({ licensed, request }) =>
  denyIf((licensed?.license.scope ?? '') !== '' && licensed?.license.scope !== request.scope, 'scope-mismatch');

export const pointsSpent: Rule = ({ licensed, snapshot }) =>
  denyIf(licensed !== null && arePointsSpent(licensed.license.points, snapshot.now), 'points-spent');

export const ipLimit: Rule = (check) => denyIf(isFull(check, 'ip'), 'ip-limit');
export const hwidLimit: Rule = (check) => denyIf(isFull(check, 'hwid'), 'hwid-limit');
export const macLimit: Rule = (check) => denyIf(isFull(check, 'mac'), 'mac-limit');

function isFull(check: Check, kind: BindingKind): boolean {
  if (check.licensed === null) return false;
  const use = slotUse(check, check.licensed.license, check.licensed.product, kind);
  return use !== null && !hasSlot(use, check.snapshot);
}

function listed({ snapshot: { bundle, now } }: Check, type: 'country' | 'hwid' | 'key' | 'user', match: string | null) {
  return blocked(`${type}-blacklisted`, match === null ? null : bundle.blacklist.find(type, match, now));
}

function blocked(denial: Denial, entry: BlacklistEntry | null): Objection | null {
  return entry && { denial, detail: null, entry };
}

function denyIf(wrong: boolean, denial: Denial): Objection | null {
  return wrong ? { denial, detail: null, entry: null } : null;
}
