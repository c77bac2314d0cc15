import { uuidOf } from '../../../domain/values/ids.ts';
import type { Product } from '../../../domain/product.ts';
import { foldName } from '../../../domain/values/text.ts';
import type { NewProduct, Products, ProductTaken } from '../../port/products.ts';
import { changeableFields, productOf } from './documents.ts';
import type { MongoStore } from '../connection.ts';
import { conflict, retryOnConflict } from '../conflict.ts';
import type { Change, ProductDocument } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import { takeNumbers } from '../ids.ts';
import { countLicenses } from '../licenses/counts.ts';
import { effectIdsOf } from '../outbox.ts';
import { requireGuild } from '../requirements.ts';

export function createProducts(store: MongoStore): Products {
  const { models, outbox } = store;
  const changeOf = (guildId: string, id: number): Change => ({ guildId, kind: 'product', ref: String(id) });

  /** The next number of the counter that no product was created with explicitly. */
  async function takeFreeNumber(): Promise<number> {
    for (;;) {
      const id = await takeNumbers(models, 'product', 1);
      if (!(await models.products.exists({ _id: id }))) return id;
    }
  }

  /**
   * Which unique field of this product another one has, after a write failed; `conflict` when that product was being
   * removed and is gone now, so that the write can be repeated. The outbox of the other product is finished first: the
   * bundle of a caller who then looks for that product has it.
   */
  async function findTaken(
    error: unknown,
    { id, uuid, guildId, name }: Pick<Product, 'id' | 'uuid' | 'guildId' | 'name'>,
  ): Promise<ProductTaken | typeof conflict> {
    const fields = duplicateFields(error);
    if (!fields) throw error;
    const taken = fields.includes('_id') ? 'id' : fields.includes('uuid') ? 'uuid' : 'name';
    const filters = {
      id: { _id: id },
      uuid: { uuid: uuid.toLowerCase() },
      name: { guildId, 'names.folded': foldName(name) },
    };
    const holder = await models.products.findOne(filters[taken]).select({ gone: 1, outbox: 1 }).lean();
    if (!holder) return conflict;
    await outbox.finishEntries(models.products, holder._id, holder.outbox ?? []);
    return holder.gone ? conflict : taken;
  }

  async function complete(guildId: string, product: NewProduct): Promise<Product> {
    const now = store.now();
    return {
      ...product,
      id: product.id ?? (await takeFreeNumber()),
      uuid: (product.uuid ?? uuidOf(store.random(16))).toLowerCase(),
      guildId,
      aliases: [],
      createdAt: now,
      updatedAt: now,
      revision: 1,
      deletedAt: null,
    };
  }

  return {
    createProduct: (guildId, product, trail) =>
      store.run(async () => {
        await requireGuild(store, guildId);
        return retryOnConflict(store, async () => {
          const made = await complete(guildId, product);
          const { id: _id, createdAt } = made;
          const fields = changeableFields(made, []);
          const document: ProductDocument = { _id, rev: 1, guildId, ...fields, createdAt, gone: false };
          const outboxEntry = await outbox.createEntry(guildId, trail(made), { changes: [changeOf(guildId, _id)] });
          try {
            await outbox.insert(models.products, document, outboxEntry);
          } catch (error) {
            const taken = await findTaken(error, made);
            // Another process has created a product under the number that was free a moment ago.
            return taken === conflict || (taken === 'id' && product.id === null) ? conflict : { taken };
          }
          return { product: made, effectIds: effectIdsOf(outboxEntry) };
        });
      }),

    changeProduct: (guildId, productId, change) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          const found = await models.products.findOne({ _id: productId, guildId, gone: false }).lean();
          if (!found) return null;
          const { next, trail, result } = change(productOf(found), store.now());
          if (!next) return { ...result, effectIds: [] };
          const outboxEntry = await outbox.createEntry(guildId, trail, { changes: [changeOf(guildId, productId)] });
          const filter = { _id: productId, rev: found.rev, gone: false };
          const update = { $set: changeableFields(next, found.names), $inc: { rev: 1 } };
          try {
            const isStored = await outbox.update(models.products, filter, update, outboxEntry);
            return isStored ? { ...result, effectIds: effectIdsOf(outboxEntry) } : conflict;
          } catch (error) {
            const taken = await findTaken(error, { ...next, id: productId, guildId });
            return taken === conflict ? conflict : { taken };
          }
        }),
      ),

    deletedProducts: (guildId) =>
      store.run(async () => {
        const found = await models.products.find({ guildId, gone: false, deletedAt: { $ne: null } }).lean();
        return found.map(productOf);
      }),

    countLicenses: (guildId, productId) => store.run(() => countLicenses(store, guildId, productId)),
  };
}
