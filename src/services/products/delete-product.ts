import { fail, succeed } from '../../domain/values/result.ts';
import type { Warning } from '../../domain/warning.ts';
import { foldName } from '../../domain/values/text.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent } from '../trail.ts';
import { changeProduct } from './change-product.ts';
import type { ProductService } from './product-service.ts';
import { refreshOwners } from './refresh-owners.ts';

export function createDeleteProduct({ storage, clock }: ServiceContext): Pick<ProductService, 'delete' | 'restore'> {
  const remove: ProductService['delete'] = async (input) => {
    const counts = await storage.countLicenses(input.guildId, input.productId);
    const changed = await changeProduct(storage, input, (current) => {
      if (foldName(input.name) !== foldName(current.name)) {
        return fail({ code: 'confirmation-wrong', expected: current.name });
      }
      const event = auditEvent(input, 'product.deleted', `product:${current.id}`, { name: current.name, ...counts });
      return succeed({ next: { ...current, deletedAt: clock() }, audit: [event], extra: counts });
    });
    if (changed.ok) await refreshOwners(storage, changed.value.product);
    return changed;
  };

  const restore: ProductService['restore'] = async (input) => {
    const changed = await changeProduct(storage, { ...input, includeDeleted: true }, (current) => {
      if (!current.deletedAt) return fail({ code: 'nothing-to-change' });
      const event = auditEvent(input, 'product.restored', `product:${current.id}`, { name: current.name });
      const warnings: readonly Warning[] = [];
      return succeed({ next: { ...current, deletedAt: null }, audit: [event], extra: { warnings } });
    });
    if (changed.ok) await refreshOwners(storage, changed.value.product);
    return changed;
  };

  return { delete: remove, restore };
}
