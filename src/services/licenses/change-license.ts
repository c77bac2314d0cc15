import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import type { Effect } from '../../domain/effect.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/result.ts';
import type { LicenseChange, LicenseRef } from '../../storage/port/licenses.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { noTrail } from '../trail.ts';
import type { LicenseChanged } from './license-service.ts';

/** A license as a change finds it; nothing comes between this and what the change writes. */
export interface Found {
  readonly license: License;
  readonly product: Product;
  readonly bundle: Bundle;
  readonly now: Date;
}

/** What a change writes and says. */
export interface LicenseEdit<E extends object> extends Pick<
  LicenseChange<never>,
  'release' | 'undoRelease' | 'newKey'
> {
  readonly next: License;
  readonly audit: readonly NewAuditEvent[];
  readonly effects: readonly Effect[];
  /** What the answer says beside license, product and effects. */
  readonly extra: E;
}

export interface Target {
  readonly guildId: string;
  readonly ref: LicenseRef;
  /** Deleted licenses are refused, naming `restore`, unless the change is about them. */
  readonly deleted?: boolean;
}

/**
 * Reads one license, lets `change` decide and writes it with its trail. `change` may run again with newer state.
 * Refuses: license-not-found, license-deleted, key-taken (only with a new key), and what `change` refuses.
 */
export async function changeLicense<E extends object>(
  storage: Storage,
  target: Target,
  change: (seen: Found) => Result<LicenseEdit<E>, CommandError>,
): Promise<Result<LicenseChanged & E, CommandError>> {
  type Answer = Result<Omit<LicenseChanged, 'effectIds'> & E, CommandError>;
  const changed = await storage.changeLicense<{ readonly answer: Answer }>(
    target.guildId,
    target.ref,
    (license, bundle, now) => {
      const no = (refusal: CommandError) => ({ next: null, trail: noTrail, result: { answer: fail(refusal) } });
      const product = bundle.products.byId(license.productId);
      if (!product) return no({ code: 'license-not-found' });
      if (!target.deleted && (license.deletedAt || product.deletedAt)) {
        return no({ code: 'license-deleted', licenseId: license.id });
      }
      const decided = change({ license, product, bundle, now });
      if (!decided.ok) return no(decided.error);
      const { next, audit, effects, extra, ...rest } = decided.value;
      const current = bundle.products.byId(next.productId) ?? product;
      const answer = succeed({ license: next, product: current, ...extra });
      return { ...rest, next, trail: { audit, effects }, result: { answer } };
    },
  );
  if (!changed) return fail({ code: 'license-not-found' });
  if ('taken' in changed) return fail({ code: 'key-taken', licenseId: null, deleted: false });
  if (!changed.answer.ok) return changed.answer;
  return succeed({ ...changed.answer.value, effectIds: changed.effectIds });
}
