import type { Granted } from '../../../domain/decision.ts';
import { effectiveLimits } from '../../../domain/effective-limits.ts';
import { graceEnd } from '../../../domain/expiry.ts';
import { effectiveFeatures } from '../../../domain/values/features.ts';
import type { MetadataEntry } from '../../../domain/values/metadata.ts';
import { latestRelease } from '../../../domain/products/releases.ts';
import type { Product } from '../../../domain/product.ts';

/**
 * The fields that the setting `lukittu.returnedFields` shows to clients that asked for this branch; null is the default
 * one. Fields without a value are omitted, because clients of this system crash on null, all but limits, which are null
 * when unlimited. The system has no features and no days of grace: programs find them as metadata. null: no field has a
 * value.
 */
export function returnedFields(granted: Granted, branch: string | null, now: Date): object | null {
  const shown = granted.settings['lukittu.returnedFields'];
  const data = withValues({
    license: shown.includes('license') ? licenseFields(granted, now) : null,
    customers: shown.includes('customers') ? customersOf(granted) : null,
    products: shown.includes('products') ? granted.products.map((product) => productFields(product, branch)) : null,
  });
  return Object.keys(data).length > 0 ? data : null;
}

function licenseFields({ license, mainProduct, settings }: Granted, now: Date): object {
  const limits = effectiveLimits(license, mainProduct, settings);
  const { expiry, expiresAt } = license;
  const shownLimits = {
    ipLimit: limits.ip,
    hwidLimit: limits.hwid,
    // The old name of hwidLimit.
    seats: limits.hwid,
  };
  const shownExpiry = withValues({
    expirationType: expiry.type.toUpperCase(),
    // The vendor's default for licenses that have no start.
    expirationStart: expiry.type === 'duration' ? expiry.start.toUpperCase() : 'CREATION',
    expirationDate: expiresAt?.toISOString() ?? null,
    // Its clients read a whole number.
    expirationDays: expiry.type === 'duration' ? Math.ceil(expiry.days) : null,
  });
  const features = effectiveFeatures(license, mainProduct).join(',');
  const graceUntil = graceEnd(expiresAt, mainProduct.graceDays, now)?.toISOString() ?? '';
  const metadata = metadataFields(license.metadata, { features, graceUntil });
  return { ...shownLimits, ...shownExpiry, ...withValues({ metadata }) };
}

/** The license's owner and those whom they share it with, of whom only the user names are known. */
function customersOf({ owner, helpers }: Granted): readonly object[] | null {
  const known = [owner, ...helpers.map(({ user }) => user)].filter((user) => user !== null);
  return known.length === 0 ? null : known.map(({ username }) => ({ username }));
}

function productFields({ name, url, releases, metadata }: Product, branch: string | null): object {
  const latest = latestRelease(releases, branch);
  const shownLatest = latest && { version: latest.version, createdAt: latest.createdAt.toISOString() };
  return withValues({ name, url, latestRelease: shownLatest, metadata: metadataFields(metadata, {}) });
}

/**
 * The pairs that programs get, and those of our own that have a value, unless a pair has their name. A record with pairs
 * of which programs get none has an empty list. null: there are no pairs.
 */
function metadataFields(
  metadata: readonly MetadataEntry[],
  own: Readonly<Record<string, string>>,
): readonly object[] | null {
  const returned = metadata.filter((entry) => entry.returned).map(({ key, value }) => ({ key, value }));
  const added = Object.entries(own).filter(
    ([key, value]) => value !== '' && !returned.some((pair) => pair.key === key),
  );
  if (metadata.length === 0 && added.length === 0) return null;
  return [...returned, ...added.map(([key, value]) => ({ key, value }))];
}

function withValues(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
