import type { Granted } from '../../../domain/decision.ts';
import { effectiveLimits } from '../../../domain/effective-limits.ts';
import type { Product } from '../../../domain/product.ts';

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
    products: shown.includes('products') ? granted.products.map((product) => productFields(product, branch)) : null,
  });
  return Object.keys(data).length > 0 ? data : null;
}

function licenseFields({ license, mainProduct, settings }: Granted): object {
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
    expirationDays: expiry.type === 'duration' ? expiry.days : null,
  });
  return { ...shownLimits, ...shownExpiry };
}

/** The license's owner, of whom only the user name is known. */
function customersOf({ owner }: Granted): readonly object[] | null {
  return owner && [{ username: owner.username }];
}

/** The latest release is the newest published one of the branch: a client must never be sent to another branch. */
function productFields({ name, url, releases }: Product, branch: string | null): object {
  const latest = releases.findLast((release) => release.status === 'published' && release.branch === branch);
  const latestRelease = latest ? { version: latest.version, createdAt: latest.createdAt.toISOString() } : null;
  return withValues({ name, url, latestRelease });
}

function withValues(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
