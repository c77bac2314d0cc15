import type { Denial } from './denial.ts';
import { graceEnd, isExpired } from './expiry.ts';
import { isForProduct } from './license-products.ts';
import { hasKeyFormat, keyFormatOf } from './values/key-format.ts';
import type { BindingKind } from './limits.ts';
import { arePointsSpent } from './points.ts';
import type { Product, Release } from './product.ts';
import { hasSlot, type SlotCheck, slotUse } from './slots/slots.ts';
import { allowsScope } from './values/features.ts';
import { isPlaceholderHwid } from './values/placeholder-hwids.ts';
import { foldText } from './values/text.ts';
import { versionPasses } from './products/versions.ts';

/** What rules may look at: the request, the snapshot, and what was found for them. */
export interface Check extends SlotCheck {
  /** The product that the request is about; null: not found, or not named. */
  readonly product: Product | null;
}

/** What a rule has against a check, besides its denial. */
interface Objection {
  /** The protocol's own sentence where the denial alone does not say it. */
  readonly detail: string | null;
  /** The blacklist entry that denied the request, whose hits are counted. */
  readonly entryId: number | null;
}

/** One question of a check. Rules about a license pass where there is none. */
export interface Rule<D extends Denial = Denial> {
  /** What the check is denied as where the rule objects. */
  readonly denial: D;
  /** null: nothing against it. */
  readonly objection: (check: Check) => Objection | null;
}

function denyWhen<D extends Denial>(denial: D, isWrong: (check: Check) => boolean): Rule<D> {
  return { denial, objection: (check) => (isWrong(check) ? { detail: null, entryId: null } : null) };
}

/** Denies as malformed with the sentence that is returned; null: not malformed. */
function denyMalformed(sentenceFor: (check: Check) => string | null): Rule<'malformed'> {
  return {
    denial: 'malformed',
    objection: (check) => {
      const detail = sentenceFor(check);
      return detail === null ? null : { detail, entryId: null };
    },
  };
}

/** Denies where a blacklist entry matches, whose id is returned; null: none does. */
function denyListed<D extends Denial>(denial: D, findEntry: (check: Check) => number | null): Rule<D> {
  return {
    denial,
    objection: (check) => {
      const entryId = findEntry(check);
      return entryId === null ? null : { detail: null, entryId };
    },
  };
}

/** Whether the client's machine is already bound: its IP or HWID holds a live slot of the license. */
export function holdsSlot(check: Check): boolean {
  return !!slotUse(check, 'ip')?.live || !!slotUse(check, 'hwid')?.live;
}

/** The request could not be understood. */
export const malformed = denyMalformed(({ request }) => request.malformed);

/** The guild has switched the route off: every request to it is denied as malformed. */
export function routeOff(setting: 'faxstore.v1'): Rule<'malformed'> {
  return denyWhen('malformed', ({ snapshot: { bundle } }) => !bundle.settings[setting]);
}

/** The guild requires a HWID and the request brings none; `detail` is the protocol's sentence for that. */
export function hwidMissing(setting: 'tki.requireHwid' | 'lukittu.requireHwid', detail: string): Rule<'malformed'> {
  return denyMalformed(({ request, snapshot }) =>
    request.hwid === null && snapshot.bundle.settings[setting] ? detail : null,
  );
}

/** The guild refuses HWIDs that identify no machine; `detail` is the protocol's sentence for a missing HWID. */
export function hwidPlaceholder(detail: string): Rule<'malformed'> {
  return denyMalformed(({ request: { hwid }, snapshot: { bundle } }) =>
    bundle.settings['hwid.placeholders'] === 'refuse' && hwid !== null && isPlaceholderHwid(hwid) ? detail : null,
  );
}

/**
 * The key has neither the protocol's form nor the guild's key format, and no license has it. `detail` is the protocol's
 * sentence for that.
 */
export function keyMalformed(form: RegExp, detail: string): Rule<'malformed'> {
  return denyMalformed(({ request: { key }, licensed, snapshot: { bundle } }) => {
    if (key === null || licensed !== null || form.test(key)) return null;
    return hasKeyFormat(key, keyFormatOf(bundle.settings)) ? null : detail;
  });
}

/** The declared or the observed address is blacklisted. */
export const ipBlacklisted = denyListed('ip-blacklisted', ({ request, snapshot: { bundle, now } }) => {
  const texts = [request.declaredIp, request.observedIp].filter((text) => text !== null);
  return bundle.blacklist.findIp(texts, now);
});

export const countryBlacklisted = denyListed('country-blacklisted', (check) =>
  findEntry(check, 'country', check.request.country),
);

export const hwidBlacklisted = denyListed('hwid-blacklisted', (check) =>
  findEntry(check, 'hwid', check.request.hwid === null ? null : foldText(check.request.hwid)),
);

export const keyBlacklisted = denyListed('key-blacklisted', (check) =>
  findEntry(check, 'key', check.snapshot.keyHash()),
);

/** The license's owner is blacklisted. */
export const userBlacklisted = denyListed('user-blacklisted', (check) =>
  findEntry(check, 'user', check.licensed?.license.ownerId ?? null),
);

/** No license has the key, or its product is deleted and it with that. */
export const licenseUnknown = denyWhen('license-unknown', ({ licensed }) => licensed === null);

export const productUnknown = denyWhen('product-unknown', ({ product }) => product === null);

/** Where staff licenses run any product, known or not. */
export const productUnknownUnlessStaff = denyWhen(
  'product-unknown',
  ({ product, licensed }) => product === null && licensed?.license.staff !== true,
);

export const productMismatch = denyWhen(
  'product-mismatch',
  ({ product, licensed }) =>
    product !== null && licensed !== null && !licensed.license.staff && !isForProduct(licensed.license, product.id),
);

export const versionMismatch = denyWhen(
  'version-mismatch',
  ({ product, licensed, request }) =>
    product !== null && licensed?.license.staff !== true && !versionPasses(product, request.version),
);

/** The license has an owner, and the request names neither them nor a helper, or nobody where the guild requires it. */
export const customerMismatch = denyWhen('customer-mismatch', ({ request, snapshot }) => {
  if (request.customerId === null && !snapshot.bundle.settings['lukittu.strictCustomers']) return false;
  const customerId = snapshot.customerId();
  if (customerId === null || request.customerId === customerId) return false;
  return !snapshot.helpers().some((helper) => helper.customerId === request.customerId);
});

/**
 * The request names a product that the license is not for, or none where the guild wants one named. A license for all
 * products names none itself, and this protocol then ignores what the request names.
 */
export const productMismatchOrUnnamed = denyWhen(
  'product-mismatch',
  ({ request, product, licensed, snapshot: { bundle } }) => {
    if (licensed === null || licensed.license.staff || licensed.license.allProducts) return false;
    if (request.product === null) return bundle.settings['lukittu.strictProducts'];
    return product === null || !isForProduct(licensed.license, product.id);
  },
);

/** No release of the product is on the branch. */
export const branchUnknown = denyWhen(
  'branch-unknown',
  (check) => check.request.branch !== null && releasesAsked(check)?.length === 0,
);

/** No release on the branch is published. */
export const branchEmpty = denyWhen(
  'branch-empty',
  (check) => check.request.branch !== null && releasesAsked(check)?.some(isPublished) === false,
);

/** Releases are published and the request names none of them, or none at all where the guild wants one named. */
export const releaseUnknown = denyWhen('version-mismatch', (check) => {
  const { version } = check.request;
  const published = releasesAsked(check)?.filter(isPublished) ?? [];
  const isWrong =
    version === null
      ? check.snapshot.bundle.settings['lukittu.strictReleases']
      : !published.some((release) => release.version === version);
  return published.length > 0 && isWrong;
});

/**
 * The releases of the product that the request names, on the branch that it names, or on all branches where it names
 * none. null: it names no product that the license is for, or the license is a staff license, which runs any release.
 */
function releasesAsked({ request, product, licensed }: Check): readonly Release[] | null {
  if (request.product === null || product === null || licensed?.license.staff !== false) return null;
  if (!isForProduct(licensed.license, product.id)) return null;
  return product.releases.filter(({ branch }) => request.branch === null || branch === request.branch);
}

function isPublished({ status }: Release): boolean {
  return status === 'published';
}

export const suspended = denyWhen(
  'suspended',
  ({ licensed }) => licensed !== null && licensed.license.holds.length > 0,
);

export const switchedOff = denyWhen('switched-off', ({ licensed }) => !!licensed?.license.switchedOff);

/** The license has ended, and the grace days of its product are over. */
export const expired = denyWhen('expired', ({ licensed, snapshot: { now } }) => {
  if (licensed === null || !isExpired(licensed.license.expiresAt, now)) return false;
  return graceEnd(licensed.license.expiresAt, licensed.product.graceDays, now) === null;
});

/** The license does not allow the scope that the request names, or that it names none. */
export const scopeMismatch = denyWhen(
  'scope-mismatch',
  ({ licensed, request }) => licensed !== null && !allowsScope(licensed.license, licensed.product, request.scope),
);

export const pointsSpent = denyWhen(
  'points-spent',
  ({ licensed, snapshot }) => licensed !== null && arePointsSpent(licensed.license.points, snapshot.now),
);

export const ipLimit = denyWhen('ip-limit', (check) => isFull(check, 'ip'));
export const hwidLimit = denyWhen('hwid-limit', (check) => isFull(check, 'hwid'));
export const macLimit = denyWhen('mac-limit', (check) => isFull(check, 'mac'));

function isFull(check: Check, kind: BindingKind): boolean {
  const use = slotUse(check, kind);
  return use !== null && !hasSlot(check, use);
}

function findEntry(
  { snapshot: { bundle, now } }: Check,
  type: 'country' | 'hwid' | 'key' | 'user',
  match: string | null,
): number | null {
  return match === null ? null : bundle.blacklist.find(type, match, now);
}
