import { readName } from '../../domain/values/read-fields.ts';
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { foldName } from '../../domain/values/text.ts';
import { changedFields } from '../changed-fields.ts';
import type { ServiceContext } from '../context.ts';
import { combineResults, readOrKeep } from '../read-input.ts';
import { auditEvent } from '../trail.ts';
import { changeProduct } from './change-product.ts';
import { refreshOwners } from './refresh-owners.ts';
import { readProductFields, zeroLimitWarnings } from './product-fields.ts';
import type { EditProductInput, ProductChanged, ProductService } from './product-service.ts';
import { withCurrentRelease } from './releases.ts';

const editable = [
  'name',
  'description',
  'version',
  'versionPolicy',
  'buyerRoleId',
  'claimRoleId',
  'limits',
  'term',
  'trial',
  'graceDays',
  'features',
  'metadata',
  'url',
  'imageUrl',
] as const;

export function createEditProduct({ storage, clock }: ServiceContext): Pick<ProductService, 'edit'> {
  async function edit(input: EditProductInput): Promise<Result<ProductChanged, CommandError>> {
    const changed = await changeProduct(storage, input, (current) => {
      const read = combineResults({
        name: readOrKeep(input.name, current.name, (name) => readName('productName', name)),
        fields: readProductFields(current, input, clock()),
      });
      if (!read.ok) return read;
      const renamed = { ...current, ...read.value.fields, ...nameAndAliases(current, read.value.name) };
      const next = withCurrentRelease(renamed, clock());
      const changes = changedFields(current, next, editable);
      if (Object.keys(changes).length === 0) return fail({ code: 'nothing-to-change' });
      const audit = [auditEvent(input, 'product.changed', `product:${current.id}`, changes)];
      const extra = { warnings: zeroLimitWarnings(current, next), roleChanged: 'buyerRoleId' in changes };
      return succeed({ next, audit, extra });
    });
    if (!changed.ok) return changed;
    const { roleChanged, ...rest } = changed.value;
    if (roleChanged) await refreshOwners(storage, rest.product);
    return succeed(rest);
  }

  return { edit };
}

/** The old name becomes an alias, because client programs that were shipped with it still send it. */
function nameAndAliases(current: Product, name: string): Pick<Product, 'name' | 'aliases'> {
  if (name === current.name) return { name, aliases: current.aliases };
  const former = [...current.aliases, current.name].filter((alias) => foldName(alias) !== foldName(name));
  return { name, aliases: former };
}
