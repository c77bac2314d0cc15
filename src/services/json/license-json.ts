import type { Binding } from '../../domain/binding.ts';
import type { Expiry } from '../../domain/expiry.ts';
import { effectiveFeatures } from '../../domain/values/features.ts';
import { maskKey } from '../../domain/values/key-format.ts';
import type { LicenseRow, LicenseView } from '../licenses/license-view.ts';
import { instantJson } from './instant-json.ts';

/**
 * A license as JSON. `key` is its whole key, or null where the reader may not see it: then the key is masked. Limits,
 * `forgetAfter` (minutes), points and features are those in effect, whether they are the license's own, its product's or the
 * guild's. `customer` is the number of the customer's record. A `LicenseView` adds the bindings, their counts, the
 * customer's UUID as `customerId` and `lastActiveAt`, the minute of the last attempt, which may also be given; lists go
 * without it.
 */
export function licenseJson(row: LicenseRow | LicenseView, key: string | null, lastActiveAt?: Date | null): object {
  const active = 'lastActiveAt' in row ? row.lastActiveAt : lastActiveAt;
  const { license, product, furtherProducts, state, graceUntil, limits, forgetAfter, points } = row;
  return {
    id: license.id,
    key: key ?? maskKey(license.keySuffix),
    name: license.name,
    product: { id: product.id, name: product.name },
    owner: license.ownerId,
    state,
    staff: license.staff,
    expiry: expiryJson(license.expiry),
    expiresAt: instantJson(license.expiresAt),
    limits: { ip: limits.ip, hwid: limits.hwid, mac: limits.mac },
    ...('bindings' in row ? bindingsJson(row) : {}),
    note: license.note,
    order: license.order,
    createdAt: instantJson(license.createdAt),
    scope: license.scope,
    points: { left: points.left, limit: points.limit, amount: points.amount, interval: points.interval },
    forgetAfter: { ip: forgetAfter.ip, hwid: forgetAfter.hwid, mac: forgetAfter.mac },
    products: [product, ...furtherProducts].map(({ id, name }) => ({ id, name })),
    allProducts: license.allProducts,
    helpers: license.helperIds,
    features: effectiveFeatures(license, product),
    metadata: license.metadata,
    graceUntil: instantJson(graceUntil),
    holds: license.holds.map(({ kind, at, reason }) => ({ kind, at: instantJson(at), reason })),
    uuid: license.uuid,
    updatedAt: instantJson(license.updatedAt),
    revision: license.revision,
    customer: license.customerId,
    ...(active === undefined ? {} : { lastActiveAt: instantJson(active) }),
    ...('customerId' in row ? { customerId: row.customerId } : {}),
  };
}

function expiryJson(expiry: Expiry): object {
  const isDuration = expiry.type === 'duration';
  return { type: expiry.type, start: isDuration ? expiry.start : null, days: isDuration ? expiry.days : null };
}

function bindingsJson({ bindings, bindingCounts }: LicenseView): object {
  const ofKind = (kind: Binding['kind']) =>
    bindings
      .filter((binding) => binding.kind === kind)
      .map(({ value, firstSeenAt, lastSeenAt }) => ({
        value,
        firstSeenAt: instantJson(firstSeenAt),
        lastSeenAt: instantJson(lastSeenAt),
      }));
  return {
    bindings: { ip: ofKind('ip'), hwid: ofKind('hwid'), mac: ofKind('mac') },
    bindingCounts: { ip: bindingCounts.ip, hwid: bindingCounts.hwid, mac: bindingCounts.mac },
  };
}
