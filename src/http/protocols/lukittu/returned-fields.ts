import type { Granted } from '../../../domain/decision.ts';
import { effectiveLimits } from '../../../domain/effective-limits.ts';
import type { Product } from '../../../domain/product.ts';

/**
 * What the guild lets its clients see. What has no value is left out, also a list or an object without any: clients of
 * this system crash on null. null: nothing at all.
 */
export function returnedFields(granted: Granted): object | null {
  const shown = granted.settings['lukittu.returnedFields'];
  const data = withValues({
    license: shown.includes('license') ? licenseFields(granted) : null,
    customers: shown.includes('customers') ? customersOf(granted) : null,
    products: shown.includes('products') ? [productFields(granted.product)] : null,
  });
  return Object.keys(data).length > 0 ? data : null;
}

function licenseFields({ license, product, settings }: Granted): object {
  const limits = effectiveLimits(license, product, settings);
  const { expiry, expiresAt } = license;
  return withValues({
    ipLimit: limits.ip,
    hwidLimit: limits.hwid,
    expirationType: expiry.type.toUpperCase(),
    // The vendor's own default where nothing starts.
    expirationStart: expiry.type === 'duration' ? expiry.start.toUpperCase() : 'CREATION',
    expirationDate: expiresAt?.toISOString() ?? null,
    expirationDays: expiry.type === 'duration' ? expiry.days : null,
  });
}

/** Its owner, of whom no more than a name is known. */
function customersOf({ owner }: Granted): readonly object[] | null {
  return owner && [{ username: owner.username }];
}

function productFields({ name, url, releases }: Product): object {
  const latest = releases.findLast(({ status }) => status === 'published');
  const latestRelease = latest ? { version: latest.version, createdAt: latest.createdAt.toISOString() } : null;
  return withValues({ name, url, latestRelease });
}

function withValues(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
