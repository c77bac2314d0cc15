import type { Attempt } from '../domain/attempt.ts';
import type { AuditAction, AuditEvent } from '../domain/audit.ts';
import type { License } from '../domain/license.ts';
import type { Product } from '../domain/product.ts';
import type { Page } from '../storage/port/page.ts';
import type { AttemptQuery } from '../storage/port/attempts.ts';
import type { ServiceContext } from './context.ts';

/** An attempt with the license and product that it named, as far as they still exist. */
export interface AttemptRow {
  readonly attempt: Attempt;
  readonly license: License | null;
  readonly product: Product | null;
}

export interface RecordsService {
  /** Attempts of a guild, newest first. */
  attempts(guildId: string, query: AttemptQuery, page: Page): Promise<readonly AttemptRow[]>;
  /** Audit events of a guild, newest first. */
  audit(
    guildId: string,
    query: { readonly subject?: string; readonly action?: AuditAction },
    page: Page,
  ): Promise<readonly AuditEvent[]>;
}

export function createRecordsService({ storage }: ServiceContext): RecordsService {
  const attempts: RecordsService['attempts'] = async (guildId, query, page) => {
    const [bundle, found] = await Promise.all([storage.bundle(guildId), storage.attempts(guildId, query, page)]);
    const ids = [...new Set(found.map(({ licenseId }) => licenseId).filter((id) => id !== null))];
    const read = await Promise.all(ids.map((id) => storage.license(guildId, { id })));
    const licenses = new Map<number | null, License | null>(ids.map((id, index) => [id, read[index] ?? null]));
    return found.map((attempt) => ({
      attempt,
      license: licenses.get(attempt.licenseId) ?? null,
      product: attempt.productId === null ? null : (bundle?.products.byId(attempt.productId) ?? null),
    }));
  };

  return { attempts, audit: (guildId, query, page) => storage.audit(guildId, query, page) };
}
