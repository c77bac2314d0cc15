import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import type { Effect } from '../../domain/effect.ts';
import type { License } from '../../domain/license.ts';
import { furtherProductsOf } from '../../domain/license-products.ts';
import { revise } from '../../domain/revision.ts';
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { LicenseChange, LicenseRef } from '../../storage/port/licenses.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { noTrail } from '../trail.ts';
import type { LicenseChanged } from './license-service.ts';

/** A license as a change reads it. No other write happens between this state and what the change writes. */
export interface FoundLicense {
  readonly license: License;
  /** Its main product. */
  readonly product: Product;
  readonly bundle: Bundle;
  readonly now: Date;
}

/** What a change writes, and what it returns. */
export interface LicenseEdit<E extends object> extends Pick<
  LicenseChange<never>,
  'release' | 'undoRelease' | 'newKey' | 'isClaim'
> {
  readonly next: License;
  readonly audit: readonly NewAuditEvent[];
  readonly effects: readonly Effect[];
  /** What the use case returns besides license, product and effects. */
  readonly extra: E;
}

export interface LicenseTarget {
  readonly guildId: string;
  readonly ref: LicenseRef;
  /** Deleted licenses are rejected with `license-deleted` unless the change is about them. */
  readonly includeDeleted?: boolean;
}

/**
 * Reads one license, lets `change` decide, and writes the result with its trail in one commit. After a write conflict
 * `change` runs again with the newer state, so it must have no side effects. Fails with license-not-found,
 * license-deleted, key-taken (only with a new key), and the errors of `change`.
 */
export async function changeLicense<E extends object>(
  storage: Storage,
  target: LicenseTarget,
  change: (found: FoundLicense) => Result<LicenseEdit<E>, CommandError>,
): Promise<Result<LicenseChanged & E, CommandError>> {
  type Outcome = Result<Omit<LicenseChanged, 'effectIds'> & E, CommandError>;
  const changed = await storage.changeLicense<{ readonly outcome: Outcome }>(
    target.guildId,
    target.ref,
    (license, bundle, now) => {
      const reject = (error: CommandError) => ({ next: null, trail: noTrail, result: { outcome: fail(error) } });
      const product = bundle.products.byId(license.productId);
      if (!product) return reject({ code: 'license-not-found' });
      if (!target.includeDeleted && (license.deletedAt || product.deletedAt)) {
        return reject({ code: 'license-deleted', licenseId: license.id });
      }
      const decided = change({ license, product, bundle, now });
      if (!decided.ok) return reject(decided.error);
      const { next: changed, audit, effects, extra, ...rest } = decided.value;
      const next = revise(changed, audit, now);
      const current = bundle.products.byId(next.productId) ?? product;
      const furtherProducts = furtherProductsOf(next, bundle.products);
      const outcome = succeed({ license: next, product: current, furtherProducts, ...extra });
      return { ...rest, next, trail: { audit, effects }, result: { outcome } };
    },
  );
  if (!changed) return fail({ code: 'license-not-found' });
  if ('taken' in changed) return fail({ code: 'key-taken', licenseId: null, deleted: false });
  if (!changed.outcome.ok) return changed.outcome;
  return succeed({ ...changed.outcome.value, effectIds: changed.effectIds });
}
