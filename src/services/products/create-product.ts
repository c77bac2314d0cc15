import { readName } from '../../domain/values/read-fields.ts';
import { parseUuid } from '../../domain/values/ids.ts';
import { inheritedLimits } from '../../domain/limits.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { Product } from '../../domain/product.ts';
import type { By, ServiceContext } from '../context.ts';
import { combineResults } from '../read-input.ts';
import { auditEvent } from '../trail.ts';
import { productTakenError } from './taken-error.ts';
import { refreshOwners } from './refresh-owners.ts';
import { readProductFields, zeroLimitWarnings } from './product-fields.ts';
import type { CreateProductInput, ProductChanged, ProductService } from './product-service.ts';

const noFields = {
  description: null,
  version: null,
  versionPolicy: 'exact',
  buyerRoleId: null,
  claimRoleId: null,
  limits: inheritedLimits,
  term: null,
  trial: null,
  graceDays: 0,
  features: [],
  metadata: [],
  url: null,
  imageUrl: null,
} as const;

/** Java and C# clients read the number into a signed 32-bit integer. */
const maxProductId = 2 ** 31 - 1;

export function createProductCreation({ storage, clock }: ServiceContext): Pick<ProductService, 'create' | 'ensure'> {
  async function create(input: CreateProductInput): Promise<Result<ProductChanged, CommandError>> {
    if (!(await storage.bundle(input.guildId))) return fail({ code: 'guild-not-found', guildId: input.guildId });
    const id = input.id ?? null;
    if (id !== null && !(Number.isInteger(id) && id >= 1 && id <= maxProductId)) {
      return fail({ code: 'invalid-id', what: 'product' });
    }
    const uuid = input.uuid === undefined ? null : parseUuid(input.uuid);
    if (input.uuid !== undefined && uuid === null) return fail({ code: 'invalid-id', what: 'uuid' });
    const read = combineResults({
      name: readName('productName', input.name),
      fields: readProductFields(noFields, input, clock()),
    });
    if (!read.ok) return read;
    const { name, fields } = read.value;
    const first = {
      version: fields.version,
      branch: null,
      status: 'published',
      latest: true,
      createdAt: clock(),
    } as const;
    const releases = first.version === null ? [] : [{ ...first, version: first.version }];
    const made = await storage.createProduct(input.guildId, { ...fields, id, uuid, name, releases }, (product) => ({
      audit: [auditEvent(input, 'product.created', `product:${product.id}`, { name, version: fields.version })],
      effects: [],
    }));
    if ('taken' in made) return fail(await productTakenError(storage, input.guildId, made.taken, { name, id, uuid }));
    const { product, effectIds } = made;
    // Licenses for all products are for the new one, too.
    if (product.buyerRoleId !== null) await refreshOwners(storage, product);
    return succeed({ product, effectIds, warnings: zeroLimitWarnings(null, fields) });
  }

  async function ensure(input: By & { readonly name: string }): Promise<Result<Product, CommandError>> {
    const { guildId, name } = input;
    const find = async () => (await storage.bundle(guildId))?.products.byName(name) ?? null;
    const known = await find();
    if (known) return succeed(known);
    const made = await create(input);
    if (made.ok) return succeed(made.value.product);
    if (made.error.code !== 'product-name-taken') return made;
    if (made.error.deleted) return fail({ code: 'product-deleted', name });
    // Another process may have made it in between.
    const madeByOther = await find();
    return madeByOther ? succeed(madeByOther) : made;
  }

  return { create, ensure };
}
