import type { Granted } from '../../../domain/decision.ts';
import { effectiveLimits } from '../../../domain/effective-limits.ts';
import { effectiveFeatures } from '../../../domain/values/features.ts';
import type { MetadataEntry } from '../../../domain/values/metadata.ts';
import type { Product } from '../../../domain/product.ts';

/** The system has no features: programs find them as metadata. */
const featuresKey = 'features';

/**
 * The fields that the setting `lukittu.returnedFields` shows to clients that asked for this branch; null is the default
 * one. Fields without a value are omitted, because clients of this system crash on null, all but limits, which are null
 * when unlimited. null: no field has a value.
 */
export function returnedFields(granted: Granted, branch: string | null): object | null {
  const shown = granted.settings['lukittu.returnedFields'];
  const data = withValues({
    license: shown.includes('license') ? licenseFields(granted) : null,
    customers: shown.includes('customers') ? customersOf(granted) : null,
    products: shown.includes('products') ? [productFields(granted.product, branch)] : null,
  });
  return Object.keys(data).length > 0 ? data : null;
}

function licenseFields({ license, product, settings }: Granted): object {
  const limits = effectiveLimits(license, product, settings);
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
    expirationDays: expiry.type === 'duration' ? expiry.days : null,
  });
  const metadata = metadataFields(license.metadata, effectiveFeatures(license, product));
  return { ...shownLimits, ...shownExpiry, ...withValues({ metadata }) };
}

/** The license's owner and those whom they share it with, of whom only the user names are known. */
function customersOf({ owner, helpers }: Granted): readonly object[] | null {
  const known = [owner, ...helpers.map(({ user }) => user)].filter((user) => user !== null);
  return known.length === 0 ? null : known.map(({ username }) => ({ username }));
}

/** The latest release is the newest published one of the branch: a client must never be sent to another branch. */
function productFields({ name, url, releases, metadata }: Product, branch: string | null): object {
  const latest = releases.findLast((release) => release.status === 'published' && release.branch === branch);
  const latestRelease = latest ? { version: latest.version, createdAt: latest.createdAt.toISOString() } : null;
  return withValues({ name, url, latestRelease, metadata: metadataFields(metadata, []) });
}

/**
 * The pairs that programs get, and the features in one text under a key of their own. A record with pairs of which
 * programs get none has an empty list. null: there are no pairs.
 */
function metadataFields(metadata: readonly MetadataEntry[], features: readonly string[]): readonly object[] | null {
  if (metadata.length === 0 && features.length === 0) return null;
  const returned = metadata.filter((entry) => entry.returned).map(({ key, value }) => ({ key, value }));
  const hasOwn = returned.some(({ key }) => key === featuresKey);
  return features.length === 0 || hasOwn ? returned : [...returned, { key: featuresKey, value: features.join(',') }];
}

function withValues(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
