import type { License } from '../domain/license.ts';
import type { ServiceContext } from './context.ts';
import type { RecordsService } from './records-service.ts';

export function createShowRecords({ storage }: ServiceContext): RecordsService {
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
