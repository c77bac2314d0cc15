import type { Attempt } from '../domain/attempt.ts';
import { type AuditEvent, licenseIdOf } from '../domain/audit.ts';
import type { License } from '../domain/license.ts';
import type { Product } from '../domain/product.ts';
import type { Page } from '../storage/port/page.ts';
import type { AttemptQuery } from '../storage/port/attempts.ts';
import type { AuditQuery } from '../storage/port/audit.ts';
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
  audit(guildId: string, query: AuditQuery, page: Page): Promise<readonly AuditEvent[]>;
  /** Reads the names of what these events of a guild are about. */
  auditNames(guildId: string, events: readonly AuditEvent[]): Promise<AuditNames>;
}

/** The names of what audit events are about; null: it is not there any more. */
export interface AuditNames {
  readonly license: (id: number) => License | null;
  readonly productName: (id: number) => string | null;
  readonly apiKeyName: (id: number) => string | null;
}

export function createRecordsService({ storage }: Pick<ServiceContext, 'storage'>): RecordsService {
  async function licensesOf(guildId: string, ids: readonly (number | null)[]) {
    const different = [...new Set(ids.filter((id) => id !== null))];
    const read = await Promise.all(different.map((id) => storage.license(guildId, { id })));
    const licenses = new Map(different.map((id, index) => [id, read[index] ?? null]));
    return (id: number | null) => (id === null ? null : (licenses.get(id) ?? null));
  }

  const attempts: RecordsService['attempts'] = async (guildId, query, page) => {
    const [bundle, found] = await Promise.all([storage.bundle(guildId), storage.attempts(guildId, query, page)]);
    const license = await licensesOf(
      guildId,
      found.map(({ licenseId }) => licenseId),
    );
    return found.map((attempt) => ({
      attempt,
      license: license(attempt.licenseId),
      product: attempt.productId === null ? null : (bundle?.products.byId(attempt.productId) ?? null),
    }));
  };

  const auditNames: RecordsService['auditNames'] = async (guildId, events) => {
    const [bundle, apiKeys, license] = await Promise.all([
      storage.bundle(guildId),
      storage.apiKeys(guildId),
      licensesOf(guildId, events.map(licenseIdOf)),
    ]);
    return {
      license,
      productName: (id) => bundle?.products.byId(id)?.name ?? null,
      apiKeyName: (id) => apiKeys.find((apiKey) => apiKey.id === id)?.name ?? null,
    };
  };

  return { attempts, audit: (guildId, query, page) => storage.audit(guildId, query, page), auditNames };
}
